import type { Formula, Node } from '../../formula/node.ts';
import { arithmetic, floatsOf, quotient, squareRoot, wordsOf, type Doubt } from './float-set.ts';
import { factsOf, isOutcome, restricted, type Fact, type Outcome } from './refine.ts';
import * as sets from './word-set.ts';
import type { Span, WordSet } from './word-set.ts';

/** What is assumed of a formula's inputs. */
export interface Assumptions {
  uniform(index: number): WordSet;
  /** The magnitudes that a node is checked to have, zero aside; undefined where it is not checked. */
  watched(node: Node, derived: WordSet): Span | undefined;
  /** What stands for a doubtful result, if anything is to. */
  doubted?(node: Node): WordSet;
}

/** Why an operation may differ between devices, and which. */
export interface Doubtful {
  readonly doubt: Doubt;
  readonly at: Node;
}

export type Extent = WordSet | Doubtful;

export function isDoubtful(extent: Extent): extent is Doubtful {
  return 'doubt' in extent;
}

const mask: Readonly<Record<Outcome, WordSet>> = {
  true: sets.singleWord(1),
  false: sets.singleWord(0),
  either: sets.wordSet([[0, 1]]),
};

/** Selections within selections whose branches are walked anew. */
const deepest = 4;

/**
 * Walks a formula with sets of words for values; masks are the words 0 and 1. What is made of a doubtful value is doubtful, but for
 * a selection: a branch need only be exact in the lanes that take it, so it is walked again with what the mask tells of them.
 */
export function extents(formula: Formula, assumptions: Assumptions): ReadonlyMap<Node, Extent> {
  return walk(formula.nodes, [], 0);

  function walk(
    nodes: readonly Node[],
    facts: readonly Fact[],
    depth: number,
  ): ReadonlyMap<Node, Extent> {
    const known = new Map<Node, Extent>();
    for (const node of nodes) {
      const found = settle(node, known, facts, depth);
      const settled = isDoubtful(found) ? (assumptions.doubted?.(node) ?? found) : found;
      if (isDoubtful(settled)) {
        known.set(node, settled);
        continue;
      }
      const watched = assumptions.watched(node, settled);
      const left = watched === undefined ? settled : trusted(settled, watched);
      known.set(node, restricted(left, node, facts));
    }
    return known;
  }

  function settle(
    node: Node,
    known: ReadonlyMap<Node, Extent>,
    facts: readonly Fact[],
    depth: number,
  ): Extent {
    if (node.op === 'selU' || node.op === 'selF') return selected(node, known, facts, depth);
    const values: WordSet[] = [];
    for (const argument of node.args) {
      const value = known.get(argument)!;
      if (isDoubtful(value)) return value;
      values.push(value);
    }
    const found = extent(node, values, formula, assumptions);
    return typeof found === 'string' ? { doubt: found, at: node } : found;
  }

  function selected(
    node: Node,
    known: ReadonlyMap<Node, Extent>,
    facts: readonly Fact[],
    depth: number,
  ): Extent {
    const [condition, then, otherwise] = node.args as [Node, Node, Node];
    const decided = known.get(condition)!;
    if (isDoubtful(decided)) return decided;
    const outcome = isOutcome(decided);
    if (outcome !== 'either') return known.get(outcome === 'true' ? then : otherwise)!;
    const certain = (argument: Node): WordSet | undefined => {
      const value = known.get(argument);
      return value === undefined || isDoubtful(value) ? undefined : value;
    };
    const branch = (taken: Node, isTrue: boolean): Extent => {
      const told = factsOf(condition, isTrue, certain);
      const value = known.get(taken)!;
      if (!isDoubtful(value)) return restricted(value, taken, told);
      if (told.length === 0 || depth === deepest) return value;
      return walk(coneOf(taken, formula), [...facts, ...told], depth + 1).get(taken)!;
    };
    const first = branch(then, true);
    if (isDoubtful(first)) return first;
    const second = branch(otherwise, false);
    return isDoubtful(second) ? second : sets.union(first, second);
  }
}

/** The node and all that it is made of, operands first. */
function coneOf(node: Node, formula: Formula): readonly Node[] {
  const reached = new Set<Node>();
  const pending = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...next.args);
  }
  return formula.nodes.filter((each) => reached.has(each));
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
  values: readonly WordSet[],
  formula: Formula,
  { uniform }: Assumptions,
): WordSet | Doubt {
  const [a, b] = values as [WordSet, WordSet];
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
    case 'kept':
      throw new Error('no mask is kept for a GPU');
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
    case 'selF':
      throw new Error('a selection is settled by its branches');
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
