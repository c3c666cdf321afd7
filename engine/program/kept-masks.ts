/**
 * Random masks are dear: a draw takes longer than all else of its formula. Where passes and map run over the same elements in
 * memory, the first formula that makes a mask by chance alone keeps it, a bit an element, and those after it read the bits.
 */
import { mapSink } from '../formula/graph.ts';
import type { Formula, MNode, Node, Sink } from '../formula/node.ts';
import type { Program } from './composer.ts';
import type { Pass } from './passes.ts';

/** What runs over a tensor that lies in memory: passes in order, then the map where its values are stored. */
export interface WholePasses {
  readonly passes: readonly Pass[];
  readonly map?: Formula;
  /** How many masks are kept. */
  readonly masks: number;
}

export function keepMasks(
  program: Program,
  passes: readonly Pass[],
  map: Formula | undefined,
): WholePasses {
  const formulas = [...passes.map(({ formula }) => formula), ...(map === undefined ? [] : [map])];
  if (formulas.length < 2 || program.graph.drawCount === 0)
    return { passes, ...(map === undefined ? {} : { map }), masks: 0 };
  const find = maskFinder(program);
  const found = formulas.map(find);
  const numbers = new Map<number, number>();
  const met = new Set<number>();
  for (const masks of found) {
    for (const mask of new Set(masks.values())) {
      if (met.has(mask) && !numbers.has(mask)) numbers.set(mask, numbers.size);
      met.add(mask);
    }
  }
  const kept = new Set<number>();
  const keeping = formulas.map((formula, index) => {
    const masks = [...found[index]!].flatMap(([node, mask]) => {
      const number = numbers.get(mask);
      if (number === undefined) return [];
      const isKept = kept.has(mask);
      kept.add(mask);
      return [[node, { number, isKept }] as const];
    });
    return program.graph.formula(keepingSinks(formula, new Map(masks)));
  });
  return {
    passes: passes.map((pass, index) => ({ ...pass, formula: keeping[index]! })),
    ...(map === undefined ? {} : { map: keeping.at(-1)! }),
    masks: numbers.size,
  };
}

/** The formula's sinks over masks that were kept before, and sinks for those that are to be kept. */
function keepingSinks(
  { nodes, sinks }: Formula,
  masks: ReadonlyMap<Node, { readonly number: number; readonly isKept: boolean }>,
): readonly Sink[] {
  const placed = new Map<Node, Node>();
  const added: Sink[] = [];
  for (const node of nodes) {
    const mask = masks.get(node);
    if (mask?.isKept === true) {
      placed.set(node, { ...node, op: 'kept', args: [], imm: mask.number });
      continue;
    }
    const same = { ...node, args: node.args.map((argument) => placed.get(argument)!) };
    placed.set(node, same);
    if (mask !== undefined) added.push({ kind: 'keep', mask: same as MNode, as: mask.number });
  }
  return [...sinks.map((sink) => mapSink(sink, (node) => placed.get(node)!)), ...added];
}

/**
 * Finds the masks of a formula that chance alone makes, of draws, literals and numbers known before any pass, by what they are
 * made of: the same number in every formula.
 */
function maskFinder(program: Program): (formula: Formula) => ReadonlyMap<Node, number> {
  const numbers = new Map<string, number>();
  const isKnown = ({ imm }: Node): boolean =>
    program.scalars[program.uniforms[imm]!.scalar]!.kind === 'number' &&
    program.uniforms[imm]!.as !== 'index';
  return ({ nodes, sinks }) => {
    const made = new Map<Node, { readonly by: number; readonly isRandom: boolean }>();
    const masks = new Map<Node, number>();
    /** A mask that only makes another of its kind need not be kept itself. */
    const use = (node: Node): void => {
      const of = made.get(node);
      if (node.lane === 'm' && of?.isRandom === true) masks.set(node, of.by);
    };
    for (const node of nodes) {
      const { op, imm, args } = node;
      const parts = args.map((argument) => made.get(argument));
      const isMade =
        op === 'load' || op === 'idx'
          ? false
          : op === 'uni'
            ? isKnown(node)
            : parts.every((part) => part !== undefined);
      if (!isMade) {
        args.forEach(use);
        continue;
      }
      const key = `${op} ${imm} ${parts.map((part) => part!.by).join(' ')}`;
      const by = numbers.get(key) ?? numbers.size;
      numbers.set(key, by);
      made.set(node, { by, isRandom: op === 'draw' || parts.some((part) => part!.isRandom) });
    }
    for (const sink of sinks) {
      mapSink(sink, (node) => {
        use(node);
        return node;
      });
    }
    return masks;
  };
}
