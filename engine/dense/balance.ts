/**
 * Squares of a matrix's values must neither overflow nor vanish: where they could, a power of two brings the largest to 1, which
 * changes no digit.
 */
import { highWord, scaleByPowerOfTwo } from '../numeric/float64-words.ts';
import type { Matrix } from './matrix.ts';

export interface Balanced {
  readonly matrix: Matrix;
  /** What the values must be multiplied with to be those of before: a power of two. */
  readonly unit: number;
}

/** Values whose largest lies within 2^±100 stay as they are. */
const farthest = 100;

/** Throws where a value is not finite. */
export function balanced(a: Matrix): Balanced {
  let largest = 0;
  for (const value of a.values) {
    const magnitude = Math.abs(value);
    if (!(magnitude < Infinity)) throw new RangeError('A factorisation needs finite values.');
    if (magnitude > largest) largest = magnitude;
  }
  if (largest === 0) return { matrix: a, unit: 1 };
  const exponent = (highWord(largest) >>> 20) - 1023;
  if (Math.abs(exponent) <= farthest) return { matrix: a, unit: 1 };
  // Not beyond 2^±1000: the unit and its inverse are to be normal numbers.
  const by = scaleByPowerOfTwo(1, -Math.max(-1000, Math.min(1000, exponent)));
  return {
    matrix: { ...a, values: a.values.map((value) => value * by) },
    unit: 1 / by,
  };
}
