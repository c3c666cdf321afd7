/**
 * The one order in which floats are summed, as the plainest code: the reference for every kernel.
 * Products of two f32 are exact in f64; additions round in f64. The order depends on an element's
 * index alone, so slices, tiles and threads cannot show.
 */

/** Elements of a block, counted from the first element of the tensor, or of the row. */
export const SUM_BLOCK = 65536;

/** The lane of an element is its index modulo this. */
export const SUM_LANES = 8;

/** An operand: values in memory, or a function of the element's index. */
export type SumOperand = Float32Array | Float64Array | ((index: number) => number);

/** Σ p·q of each block of the first `length` elements. No length, no block. */
export function dotBlocks(p: SumOperand, q: SumOperand, length: number): Float64Array {
  const pAt = valuesOf(p, length);
  const qAt = valuesOf(q, length);
  const sums = new Float64Array(Math.ceil(length / SUM_BLOCK));
  const lanes = new Float64Array(SUM_LANES);
  for (let block = 0; block < sums.length; block += 1) {
    const start = block * SUM_BLOCK;
    const end = Math.min(start + SUM_BLOCK, length);
    lanes.fill(0);
    for (let i = start; i < end; i += 1) lanes[i % SUM_LANES]! += pAt(i) * qAt(i);
    sums[block] = foldLanes(lanes);
  }
  return sums;
}

/** ((l0+l1)+(l4+l5)) + ((l2+l3)+(l6+l7)), the order that falls to pairs of f64 lanes. */
export function foldLanes(lanes: ArrayLike<number>): number {
  return (
    lanes[0]! +
    lanes[1]! +
    (lanes[4]! + lanes[5]!) +
    (lanes[2]! + lanes[3]! + (lanes[6]! + lanes[7]!))
  );
}

/** Block sums added in order, from +0. */
export function addBlocks(blocks: Iterable<number>): number {
  let sum = 0;
  for (const block of blocks) sum += block;
  return sum;
}

/** Σ p·q over the first `length` elements. */
export function dot(p: SumOperand, q: SumOperand, length: number): number {
  return addBlocks(dotBlocks(p, q, length));
}

function valuesOf(operand: SumOperand, length: number): (index: number) => number {
  if (typeof operand === 'function') return operand;
  if (operand.length < length) {
    throw new RangeError(`An operand of ${operand.length} elements cannot give ${length}.`);
  }
  return (index) => operand[index]!;
}
