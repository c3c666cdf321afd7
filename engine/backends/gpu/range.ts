import type { Formula, Node } from '../../formula/node.ts';
import { checkedNodes } from './checked-nodes.ts';
import { extents, isDoubtful } from './extents.ts';
import { singleWord, type Span } from './word-set.ts';
import { unmappable } from './wgsl.ts';

/** Exponents: watched values are trusted when they are zero or their magnitude lies in [2^low, 2^high). */
export interface TrustedRange {
  readonly low: number;
  readonly high: number;
}

const lowestNormal = -126;
/** Weights are smaller: the ends that are tried first for `high`, before `low` is made as low as it goes. */
const firstHighs = [24, 8, 0, -24, -64, -100] as const;
const highest = 128;

/**
 * The range of watched values within which the formula, with these uniforms (32-bit words), gives the same bits on every device:
 * no operand or result of a sum, difference or product is then subnormal, infinite or NaN. WGSL lets a device flush the
 * first and assume the others away. `refused` says why there is none; such a formula is not for a GPU.
 */
export function trustedRange(
  formula: Formula,
  uniforms: Uint32Array,
): TrustedRange | { readonly refused: string } {
  const reason = unmappable(formula);
  if (reason !== undefined) return { refused: reason };
  const doubt = (range: TrustedRange): string | undefined => doubtIn(formula, uniforms, range);
  const high = firstHighs.find((end) => doubt({ low: end - 1, high: end }) === undefined);
  if (high === undefined) {
    const tried = doubt({ low: firstHighs[0] - 1, high: firstHighs[0] });
    return { refused: `no range of inputs is exact on every device: ${tried}` };
  }
  const isExact = (range: TrustedRange): boolean => doubt(range) === undefined;
  const low = outermost(high - 1, lowestNormal, (end) => isExact({ low: end, high }));
  return { low, high: outermost(high, highest, (end) => isExact({ low, high: end })) };
}

/** Why the formula may differ between devices although its watched values lie in the range; undefined where it cannot. */
export function doubtIn(
  formula: Formula,
  uniforms: Uint32Array,
  range: TrustedRange,
): string | undefined {
  const checked = checkedNodes(formula);
  const span = bitSpan(range);
  const found = extents(formula, {
    uniform: (index) => singleWord(uniforms[index]!),
    watched: (node: Node) => (checked.has(node) ? span : undefined),
  });
  const [stored] = formula.sinks.map((sink) =>
    sink.kind === 'store' ? found.get(sink.word) : undefined,
  );
  if (stored === undefined) throw new Error('a formula without a store has no range');
  return isDoubtful(stored) ? `${stored.doubt} (${stored.at.op}, node ${stored.at.id})` : undefined;
}

/** The integer nearest to `limit` that is accepted, between it and one that is known to be. */
function outermost(accepted: number, limit: number, accepts: (end: number) => boolean): number {
  if (accepts(limit)) return limit;
  let inside = accepted;
  let outside = limit;
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.trunc((inside + outside) / 2);
    if (accepts(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** The magnitudes of a range as f32 bits, ends included. */
export function bitSpan({ low, high }: TrustedRange): Span {
  return [(low + 127) << 23, (((high + 127) << 23) >>> 0) - 1];
}
