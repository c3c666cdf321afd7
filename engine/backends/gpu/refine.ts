import type { Node } from '../../formula/node.ts';
import { singleOf, within, type Span, type WordSet } from './word-set.ts';

/** What is known of a mask. */
export type Outcome = 'true' | 'false' | 'either';

export function isOutcome(mask: WordSet): Outcome {
  const single = singleOf(mask);
  if (single === undefined) return 'either';
  return single === 1 ? 'true' : 'false';
}

interface Selection {
  /** The node that is taken where the condition has the outcome. */
  readonly branch: Node;
  readonly condition: Node;
  readonly outcome: boolean;
  readonly known: ReadonlyMap<Node, WordSet>;
}

/**
 * The words of a selection's branch that can be taken, where the condition compares the branch itself, or its magnitude, with
 * something known: so a divisor of which zero is replaced by one is no longer zero.
 */
export function refined(words: WordSet, { branch, condition, outcome, known }: Selection): WordSet {
  switch (condition.op) {
    case 'mnot':
      return refined(words, { branch, condition: condition.args[0]!, outcome: !outcome, known });
    case 'mand':
    case 'mor': {
      // Both sides are settled only by `and` being true and `or` being false.
      if (outcome !== (condition.op === 'mand')) return words;
      return condition.args.reduce(
        (left, side) => refined(left, { branch, condition: side, outcome, known }),
        words,
      );
    }
    case 'eqU':
    case 'ltU': {
      const [left, right] = condition.args as [Node, Node];
      const leftAllowed = allowed(condition.op, 'left', known.get(right)!, outcome);
      const rightAllowed = allowed(condition.op, 'right', known.get(left)!, outcome);
      return restricted(restricted(words, branch, left, leftAllowed), branch, right, rightAllowed);
    }
    default:
      return words;
  }
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

/** The branch's words, if the compared node is the branch or tells its magnitude. */
function restricted(words: WordSet, branch: Node, compared: Node, spans: readonly Span[]): WordSet {
  const itself = unaliased(branch);
  if (unaliased(compared) === itself) return within(words, spans);
  if (magnitudeOf(unaliased(compared)) !== itself) return words;
  const positive = spans.flatMap(([from, to]) => between(from, Math.min(to, infinity)));
  const negative = positive.map(([from, to]): Span => [from + sign, to + sign]);
  // Whether a NaN is meant depends on how the magnitude was made: it stays.
  const undefinedValues: readonly Span[] = [
    [infinity + 1, sign - 1],
    [sign + infinity + 1, 0xffffffff],
  ];
  return within(words, [...positive, ...negative, ...undefinedValues]);
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
