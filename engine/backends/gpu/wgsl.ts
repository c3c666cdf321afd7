import type { Formula, Node, Sink, Width } from '../../formula/node.ts';
import { checkedNodes } from './checked-nodes.ts';
import { flag, word } from './parameters.ts';
import { expression, isAlias, nameOf, splat, splatOf, vector } from './wgsl-expressions.ts';
import { wgslFunctions } from './wgsl-functions.ts';
import {
  consecutive,
  inputs,
  isReadRaw,
  laneOrder,
  operandReads,
  pairDraws,
  type LaneOrder,
} from './wgsl-inputs.ts';

export interface WgslKernel {
  readonly code: string;
  readonly entryPoint: 'main';
  /** Bits of a stored element. */
  readonly outputWidth: Width;
}

/**
 * A formula as WGSL. Values travel as `vec4<u32>`, four elements of an octet; four bindings, whatever the number of operands:
 * 0 all operands one after another, 1 the stored words, 2 the parameters (see `word`), 3 the flags.
 */
export function emitWgsl(
  formula: Formula,
  { workgroupSize }: { readonly workgroupSize: number },
): WgslKernel {
  const sink = onlyStore(formula);
  const has = (op: Node['op']): boolean => formula.nodes.some((node) => node.op === op);
  const lanes = laneOrder(formula, sink.width);
  const code = [
    '@group(0) @binding(0) var<storage, read> operands: array<vec4<u32>>;',
    '@group(0) @binding(1) var<storage, read_write> stored: array<vec4<u32>>;',
    '@group(0) @binding(2) var<storage, read> P: array<u32>;',
    '@group(0) @binding(3) var<storage, read_write> flags: atomic<u32>;',
    wgslFunctions({ division: has('fdiv'), root: has('fsqrt'), draws: has('draw') }),
    computeFunction(formula, sink),
    mainFunction(formula, sink, { lanes, workgroupSize }),
  ].join('\n');
  return { code, entryPoint: 'main', outputWidth: sink.width };
}

/** Why a GPU cannot map the formula whatever its uniforms; undefined where it can. */
export function unmappable(formula: Formula): string | undefined {
  if (formula.sinks.length === 1 && formula.sinks[0]!.kind === 'store') return undefined;
  return 'a GPU only maps: sums, counts and histograms run on the CPU';
}

type Store = Sink & { readonly kind: 'store' };

function onlyStore(formula: Formula): Store {
  const [sink] = formula.sinks;
  const reason = unmappable(formula);
  if (reason !== undefined || sink?.kind !== 'store') throw new Error(reason);
  return sink;
}

/** `compute`: four elements from their operands to the word that is stored, before it is packed. */
function computeFunction(formula: Formula, sink: Store): string {
  const checked = checkedNodes(formula);
  const lines: string[] = [];
  for (const node of formula.nodes) {
    const isNamed = !isAlias(node) && (node.op !== 'load' || isReadRaw(formula, node));
    if (isNamed) lines.push(`let ${nameOf(node)} = ${expression(formula, node)};`);
    if (checked.has(node)) lines.push(`watch(${nameOf(node)}, valid);`);
  }
  const { word: stored, mask } = storedWord(sink);
  lines.push(
    `broken |= select(vec4<u32>(0u), valid, (${nameOf(stored)} & ${splat(mask)}) == ${splat(mask)});`,
    `return ${nameOf(stored)};`,
  );
  const parameters = ['valid', 'index', ...inputs(formula).map((input) => input.name)];
  return [
    `fn compute(${parameters.map((name) => `${name}: vec4<u32>`).join(', ')}) -> vec4<u32> {`,
    ...lines.map((line) => `  ${line}`),
    '}\n',
  ].join('\n');
}

/** A word that ends in a shift by half its width is packed from its high half: the shift falls away. */
function storedWord(sink: Store): {
  readonly word: Node;
  readonly mask: number;
  readonly high: boolean;
} {
  const high = sink.width === 16 && sink.word.op === 'shr' && sink.word.imm === 16;
  if (!high) return { word: sink.word, mask: sink.nonFinite, high };
  return { word: sink.word.args[0]!, mask: (sink.nonFinite << 16) >>> 0, high };
}

function mainFunction(
  formula: Formula,
  sink: Store,
  { lanes, workgroupSize }: { readonly lanes: LaneOrder; readonly workgroupSize: number },
): string {
  const call = (half: 'first' | 'second'): string => {
    const index = `${splatOf(`8u * at`)} + ${vector(lanes[half])}`;
    const given = inputs(formula).map((input) => input[half]);
    return `compute(${[`${half}Valid`, index, ...given].join(', ')})`;
  };
  const validity = (half: 'first' | 'second'): string =>
    `let ${half}Valid = select(vec4<u32>(0u), ${splat(0x7fffffff)}, ${vector(lanes[half])} < remaining);`;
  return `@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>) {
  zero = ${splatOf(`P[${word.zero}]`)};
  greatest = vec4<u32>(0u);
  least = ${splat(0xffffffff)};
  broken = vec4<u32>(0u);
  let end = P[${word.endOctet}];
  for (var at = P[${word.firstOctet}] + id.x; at < end; at += workgroups.x * ${workgroupSize}u) {
    let remaining = ${splatOf(`P[${word.elements}] - 8u * at`)};
    ${validity('first')}
    ${validity('second')}
    ${[...operandReads(formula, lanes), ...pairDraws(formula)].join('\n    ')}
    let firstWords = ${call('first')};
    let secondWords = ${call('second')};
    ${stores(sink, lanes).join('\n    ')}
  }
  var raised = 0u;
  if (any(broken != vec4<u32>(0u))) { raised |= ${flag.nonFinite}u; }
  if (any(least < ${splatOf(`P[${word.belowRange}]`)}) || any(greatest >= ${splatOf(`P[${word.aboveRange}]`)})) { raised |= ${flag.outsideRange}u; }
  if (raised != 0u) { atomicOr(&flags, raised); }
}
`;
}

function stores(sink: Store, lanes: LaneOrder): readonly string[] {
  if (sink.width === 16) {
    return storedWord(sink).high
      ? [`stored[at] = (firstWords >> ${splat(16)}) | (secondWords & ${splat(0xffff0000)});`]
      : [`stored[at] = (firstWords & ${splat(0xffff)}) | (secondWords << ${splat(16)});`];
  }
  if (lanes === consecutive)
    return ['stored[2u * at] = firstWords;', 'stored[2u * at + 1u] = secondWords;'];
  return [
    'stored[2u * at] = vec4<u32>(firstWords.x, secondWords.x, firstWords.y, secondWords.y);',
    'stored[2u * at + 1u] = vec4<u32>(firstWords.z, secondWords.z, firstWords.w, secondWords.w);',
  ];
}
