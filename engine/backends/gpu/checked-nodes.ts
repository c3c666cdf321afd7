import type { Formula, Node } from '../../formula/node.ts';
import { extents } from './extents.ts';
import { floatsOf, toBits, powerOfTwo } from './float-set.ts';
import { wordSet, type Span, type WordSet } from './word-set.ts';

const found = new WeakMap<Formula, ReadonlySet<Node>>();

/**
 * The floats that a kernel watches while it runs: borders, and those made of integers whose magnitude cannot be told from the
 * formula, such as operands. Only those that reach arithmetic: what is merely moved is exact whatever it is.
 * The choice depends on the formula alone, and only costs or spares a check: what may be trusted is decided for each set of uniforms.
 */
export function checkedNodes(formula: Formula): ReadonlySet<Node> {
  const known = found.get(formula);
  if (known !== undefined) return known;
  const checked = findChecked(formula);
  found.set(formula, checked);
  return checked;
}

const ordinary: Span = [toBits(powerOfTwo(-24)), toBits(powerOfTwo(8))];
const ordinaryFloats: WordSet = wordSet([
  [0, 0],
  ordinary,
  [0x80000000, 0x80000000],
  [ordinary[0] + 0x80000000, ordinary[1] + 0x80000000],
]);

/** Supposes ordinary floats wherever floats are computed, and asks which of the others are bounded by that. */
function findChecked(formula: Formula): ReadonlySet<Node> {
  const unbounded = new Set<Node>();
  extents(formula, {
    uniform: () => ordinaryFloats,
    doubted: () => ordinaryFloats,
    watched(node, derived) {
      if (node.op !== 'border' && (node.op !== 'float' || isBounded(derived))) return undefined;
      unbounded.add(node);
      return ordinary;
    },
  });
  return reachingArithmetic(formula, unbounded);
}

function isBounded(words: WordSet): boolean {
  const { lo, hi } = floatsOf(words);
  return lo >= powerOfTwo(-100) && hi <= powerOfTwo(100);
}

/** Those of the nodes whose value can come to an operand of arithmetic, going back no further than the nearest of them. */
function reachingArithmetic(formula: Formula, from: ReadonlySet<Node>): ReadonlySet<Node> {
  const reached = new Set<Node>();
  const visit = (node: Node): void => {
    if (reached.has(node)) return;
    reached.add(node);
    if (from.has(node)) return;
    // A mask decides by integers, and is the same everywhere.
    const carried = node.op === 'selU' || node.op === 'selF' ? node.args.slice(1) : node.args;
    if (node.op === 'fadd' || node.op === 'fsub' || node.op === 'fmul') return;
    carried.forEach(visit);
  };
  for (const node of formula.nodes) {
    if (node.op === 'fadd' || node.op === 'fsub' || node.op === 'fmul') node.args.forEach(visit);
  }
  return new Set([...from].filter((node) => reached.has(node)));
}
