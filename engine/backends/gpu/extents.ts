import type { Formula, Node } from '../../formula/node.ts';
import { arithmetic, floatsOf, quotient, squareRoot, wordsOf, type Doubt } from './float-set.ts';
import { isOutcome, refined, type Outcome } from './refine.ts';
import * as sets from './word-set.ts';
import type { Span, WordSet } from './word-set.ts';

/** What is assumed of a formula's inputs. */
export interface Assumptions {
  uniform(index: number): WordSet;
  /** The magnitudes that a node is checked to have, zero aside; undefined where it is not checked. */
  watched(node: Node, derived: WordSet): Span | undefined;
  /** What stands for a doubtful result; without it a doubt ends the walk. */
  doubted?(node: Node): WordSet;
}

/** What each node can be, in the formula's order, or why an operation is not the same on every device. */
export type Extents =
  { readonly of: ReadonlyMap<Node, WordSet> } | { readonly doubt: Doubt; readonly at: Node };

const mask: Readonly<Record<Outcome, WordSet>> = {
  true: sets.singleWord(1),
  false: sets.singleWord(0),
  either: sets.wordSet([[0, 1]]),
};

/** Walks a formula with sets of words for values; masks are the words 0 and 1. */
export function extents(formula: Formula, assumptions: Assumptions): Extents {
  const known = new Map<Node, WordSet>();
  for (const node of formula.nodes) {
    const found = extent(node, known, formula, assumptions);
    const settled = typeof found === 'string' ? assumptions.doubted?.(node) : found;
    if (settled === undefined) return { doubt: found as Doubt, at: node };
    const watched = assumptions.watched(node, settled);
    known.set(node, watched === undefined ? settled : trusted(settled, watched));
  }
  return { of: known };
}

/** The words that pass a watch: zeros, and magnitudes in the span with either sign. */
function trusted(set: WordSet, [from, to]: Span): WordSet {
  const sign = 0x80000000;
  return sets.within(set, [
    [0, 0],
    [from, to],
    [sign, sign],
    [sign + from, sign + to],
  ]);
}

function extent(
  node: Node,
  known: ReadonlyMap<Node, WordSet>,
  formula: Formula,
  { uniform }: Assumptions,
): WordSet | Doubt {
  const [a, b, c] = node.args.map((argument) => known.get(argument)!) as [
    WordSet,
    WordSet,
    WordSet,
  ];
  switch (node.op) {
    case 'load':
      return formula.operandWidths[node.imm] === 16 ? sets.wordSet([[0, 0xffff]]) : sets.anyWord;
    case 'uni':
      return uniform(node.imm);
    case 'const':
      return sets.singleWord(node.imm);
    case 'idx':
    case 'draw':
      return sets.anyWord;
    case 'bits':
    case 'float':
    case 'border':
      return a;
    case 'fadd':
    case 'fsub':
    case 'fmul': {
      const same = node.args[0] === node.args[1];
      const result = arithmetic(node.op, floatsOf(a), floatsOf(b), same);
      return typeof result === 'string' ? result : wordsOf(result);
    }
    case 'fdiv':
      return wordsOf(quotient(floatsOf(a), floatsOf(b)));
    case 'fsqrt':
      return wordsOf(squareRoot(floatsOf(a)));
    case 'u2f':
      return converted(a);
    case 'and':
      return sets.and(a, b);
    case 'or':
      return sets.or(a, b);
    case 'xor':
      return sets.xor(a, b);
    case 'shl':
      return sets.shiftLeft(a, node.imm);
    case 'shr':
      return sets.shiftRight(a, node.imm);
    case 'sar':
      return sets.shiftRightSigned(a, node.imm);
    case 'iadd':
    case 'addM':
      return sets.addWords(a, b);
    case 'isub':
      return sets.subtractWords(a, b);
    case 'imul':
      return sets.multiplyWords(a, b);
    case 'minU':
      return sets.extremeUnsigned(a, b, Math.min);
    case 'maxU':
      return sets.extremeUnsigned(a, b, Math.max);
    case 'minS':
      return sets.extremeSigned(a, b, Math.min);
    case 'maxS':
      return sets.extremeSigned(a, b, Math.max);
    case 'gtS':
      return mask[below(sets.flippedSign(b), sets.flippedSign(a))];
    case 'ltU':
      return mask[below(a, b)];
    case 'eqU':
      return mask[equal(a, b)];
    case 'mand':
      return sets.extremeUnsigned(a, b, Math.min);
    case 'mor':
      return sets.extremeUnsigned(a, b, Math.max);
    case 'mnot':
      return sets.subtractWords(sets.singleWord(1), a);
    case 'm2u':
      return a;
    case 'selU':
    case 'selF': {
      const [condition, then, otherwise] = node.args as [Node, Node, Node];
      const isTrue = isOutcome(a);
      if (isTrue !== 'either') return isTrue === 'true' ? b : c;
      return sets.union(
        refined(b, { branch: then, condition, outcome: true, known }),
        refined(c, { branch: otherwise, condition, outcome: false, known }),
      );
    }
  }
}

/** Conversion is promised up to 2^24 alone: above, a device may round as it likes. */
function converted(words: WordSet): WordSet | Doubt {
  if (sets.greatest(words) > 1 << 24) return 'an integer above 2^24 may become a float';
  const single = sets.singleOf(words);
  const isZero = sets.greatest(words) === 0;
  return wordsOf({
    q: single === 0 ? Infinity : words.trailing,
    lo: isZero ? Infinity : leastNonzero(words),
    hi: sets.greatest(words),
    mayBeZero: sets.least(words) === 0,
    mayBeNegative: false,
  });
}

function leastNonzero(words: WordSet): number {
  const [first, second] = words.spans;
  if (first![0] > 0) return first![0];
  return first![1] > 0 ? 1 : second![0];
}

function below(a: WordSet, b: WordSet): Outcome {
  if (sets.greatest(a) < sets.least(b)) return 'true';
  return sets.least(a) >= sets.greatest(b) ? 'false' : 'either';
}

function equal(a: WordSet, b: WordSet): Outcome {
  const single = sets.singleOf(a);
  if (single !== undefined && single === sets.singleOf(b)) return 'true';
  return sets.within(a, b.spans).spans.length === 0 ? 'false' : 'either';
}
