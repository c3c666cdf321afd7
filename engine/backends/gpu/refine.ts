import type { Node } from '../../formula/node.ts';
import { singleOf, within, type Span, type WordSet } from './word-set.ts';

/** What is known of a mask. */
export type Outcome = 'true' | 'false' | 'either';

export function isOutcome(mask: WordSet): Outcome {
  const single = singleOf(mask);
  if (single === undefined) return 'either';
  return single === 1 ? 'true' : 'false';
}

/** That a node's words lie in these spans, in the lanes where a mask has some outcome. */
export interface Fact {
  readonly node: Node;
  readonly spans: readonly Span[];
}

/**
 * What a mask's outcome tells of the nodes it compares, and of those whose magnitude it compares: so a divisor of which zero is
 * replaced by one is no longer zero.
 */
export function factsOf(
  condition: Node,
  outcome: boolean,
  known: (node: Node) => WordSet | undefined,
): readonly Fact[] {
  switch (condition.op) {
    case 'mnot':
      return factsOf(condition.args[0]!, !outcome, known);
    case 'mand':
    case 'mor':
      // Both sides are settled only by `and` being true and `or` being false.
      if (outcome !== (condition.op === 'mand')) return [];
      return condition.args.flatMap((side) => factsOf(side, outcome, known));
    case 'eqU':
    case 'ltU': {
      const [left, right] = condition.args as [Node, Node];
      const [ofLeft, ofRight] = [known(left), known(right)];
      if (ofLeft === undefined || ofRight === undefined) return [];
      return [
        ...told(left, allowed(condition.op, 'left', ofRight, outcome)),
        ...told(right, allowed(condition.op, 'right', ofLeft, outcome)),
      ];
    }
    default:
      return [];
  }
}

/** The words of a node that the facts leave. */
export function restricted(words: WordSet, node: Node, facts: readonly Fact[]): WordSet {
  const itself = unaliased(node);
  return facts.reduce(
    (left, fact) => (fact.node === itself ? within(left, fact.spans) : left),
    words,
  );
}

/** The words that one side of a comparison can have, given the other's. */
function allowed(
  op: 'eqU' | 'ltU',
  side: 'left' | 'right',
  other: WordSet,
  outcome: boolean,
): readonly Span[] {
  const last = 0xffffffff;
  const least = other.spans[0]?.[0] ?? 0;
  const greatest = other.spans.at(-1)?.[1] ?? last;
  if (op === 'eqU') {
    if (outcome) return other.spans;
    const single = singleOf(other);
    if (single === undefined) return [[0, last]];
    return [[0, single - 1] as const, [single + 1, last] as const].filter(
      ([from, to]) => from <= to,
    );
  }
  // left < right, or left >= right.
  if (side === 'left') return outcome ? between(0, greatest - 1) : between(least, last);
  return outcome ? between(least + 1, last) : between(0, greatest);
}

function between(from: number, to: number): readonly Span[] {
  return from <= to ? [[from, to]] : [];
}

/** That the compared words lie in the spans, and what it means for the value whose magnitude they are. */
function told(compared: Node, spans: readonly Span[]): readonly Fact[] {
  const node = unaliased(compared);
  const source = magnitudeOf(node);
  if (source === undefined) return [{ node, spans }];
  const positive = spans.flatMap(([from, to]) => between(from, Math.min(to, infinity)));
  const negative = positive.map(([from, to]): Span => [from + sign, to + sign]);
  // Whether a NaN is meant depends on how the magnitude was made: it stays.
  const undefinedValues: readonly Span[] = [
    [infinity + 1, sign - 1],
    [sign + infinity + 1, 0xffffffff],
  ];
  return [
    { node, spans },
    { node: source, spans: [...positive, ...negative, ...undefinedValues] },
  ];
}

const sign = 0x80000000;
const infinity = 0x7f800000;

/** The value whose magnitude the word is, for all that are not NaN; undefined for other words. */
function magnitudeOf(node: Node): Node | undefined {
  const [a, b] = node.args.map(unaliased);
  if (a === undefined || b === undefined) return undefined;
  const [mask, word] = a.op === 'const' ? [a, b] : [b, a];
  if (mask.op !== 'const') return undefined;
  if (node.op === 'minU' && mask.imm > infinity) return magnitudeOf(word);
  if (node.op === 'and' && mask.imm === sign - 1) return canonicalSource(word);
  return undefined;
}

/** The value whose NaNs are made one, or the node itself. */
function canonicalSource(node: Node): Node {
  const isCanonical =
    node.op === 'selU' && node.args[1]!.op === 'const' && node.args[1]!.imm === 0x7fc00000;
  return isCanonical && isNaNOf(node.args[0]!, unaliased(node.args[2]!))
    ? unaliased(node.args[2]!)
    : node;
}

/** Whether the mask says that the value is NaN: its magnitude lies above infinity. */
function isNaNOf(mask: Node, value: Node): boolean {
  const [limit, magnitude] = mask.args;
  if (mask.op !== 'ltU' || limit?.op !== 'const' || limit.imm !== infinity) return false;
  return magnitude !== undefined && magnitudeOf(magnitude) === value;
}

function unaliased(node: Node): Node {
  return node.op === 'bits' || node.op === 'float' || node.op === 'border'
    ? unaliased(node.args[0]!)
    : node;
}
