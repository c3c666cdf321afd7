import type { Formula, Node, Width } from '../../formula/node.ts';
import { uniformsAt, word } from './parameters.ts';
import { isHighHalf, splat, splatOf } from './wgsl-expressions.ts';

/** Which elements of an octet the two halves hold. */
export interface LaneOrder {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/** Even and odd where 16-bit words lie in pairs, and for draws, which come in pairs; else as they lie in memory. */
export const paired: LaneOrder = { first: [0, 2, 4, 6], second: [1, 3, 5, 7] };
export const consecutive: LaneOrder = { first: [0, 1, 2, 3], second: [4, 5, 6, 7] };

export function laneOrder(formula: Formula, outputWidth: Width): LaneOrder {
  const hasPairs =
    formula.operandWidths.includes(16) ||
    outputWidth === 16 ||
    formula.nodes.some((node) => node.op === 'draw');
  return hasPairs ? paired : consecutive;
}

/** Four elements that `compute` takes by this name, and how `main` makes them for either half of an octet. */
export interface Input {
  readonly name: string;
  readonly first: string;
  readonly second: string;
}

/** What the formula reads of each element: words as they are, bf16 words as high halves, random words. */
export function inputs(formula: Formula): readonly Input[] {
  const found = new Map<string, Input>();
  for (const node of formula.nodes) {
    if (isHighHalf(formula, node)) {
      const input = highHalf(node.args[0]!.imm);
      found.set(input.name, input);
    }
    if (node.op === 'load' && isReadRaw(formula, node)) {
      const input = rawWord(node.imm, formula.operandWidths[node.imm]!);
      found.set(input.name, input);
    }
    if (node.op === 'draw') {
      const pair = `pair${node.imm}`;
      const name = `drawn${node.imm}`;
      found.set(name, { name, first: `${pair}.even`, second: `${pair}.odd` });
    }
  }
  return [...found.values()];
}

function highHalf(operand: number): Input {
  return {
    name: `high${operand}`,
    first: `packed${operand} << ${splat(16)}`,
    second: `packed${operand} & ${splat(0xffff0000)}`,
  };
}

function rawWord(operand: number, width: Width): Input {
  const name = `raw${operand}`;
  if (width === 32) return { name, first: `first${operand}`, second: `second${operand}` };
  return {
    name,
    first: `packed${operand} & ${splat(0xffff)}`,
    second: `packed${operand} >> ${splat(16)}`,
  };
}

/** Whether anything looks at the raw word itself, and not only at a bf16 widened from it. */
export function isReadRaw(formula: Formula, load: Node): boolean {
  const users = formula.nodes.filter((node) => node.args.includes(load));
  if (users.some((user) => !isHighHalf(formula, user))) return true;
  return formula.sinks.some((sink) => sink.kind === 'store' && sink.word === load);
}

/** The statements that read an octet's operands. */
export function operandReads(formula: Formula, lanes: LaneOrder): readonly string[] {
  return formula.operandWidths.flatMap((width, operand) => {
    const start = `P[${word.operands + operand}]`;
    switch (width) {
      case undefined:
        return [];
      case 16:
        return [`let packed${operand} = operands[${start} + at];`];
      case 32: {
        const lower = `lower${operand}`;
        const upper = `upper${operand}`;
        const [first, second] =
          lanes === consecutive
            ? [lower, upper]
            : [`vec4<u32>(${lower}.xz, ${upper}.xz)`, `vec4<u32>(${lower}.yw, ${upper}.yw)`];
        return [
          `let ${lower} = operands[${start} + 2u * at];`,
          `let ${upper} = operands[${start} + 2u * at + 1u];`,
          `let first${operand} = ${first};`,
          `let second${operand} = ${second};`,
        ];
      }
    }
  });
}

/** The statements that draw an octet's random words. A slice may cross 2^32 counters, so the carry is counted. */
export function pairDraws(formula: Formula): readonly string[] {
  const draws = formula.nodes.filter((node) => node.op === 'draw');
  if (draws.length === 0) return [];
  const uniforms = uniformsAt(formula);
  const start = `P[${word.counterLow}]`;
  return [
    `let counterLow = ${splatOf(`${start} + 4u * at`)} + vec4<u32>(0u, 1u, 2u, 3u);`,
    `let carry = select(vec4<u32>(0u), vec4<u32>(1u), counterLow < ${splatOf(start)});`,
    `let counterHigh = ${splatOf(`P[${word.counterHigh}]`)} + carry;`,
    ...draws.map(({ imm }) => {
      const key = `vec2<u32>(P[${uniforms + imm}], P[${uniforms + imm + 1}])`;
      return `let pair${imm} = draw(${key}, counterLow, counterHigh);`;
    }),
  ];
}
