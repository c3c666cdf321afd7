/** From a double straight to a type of storage, rounded once. */
import type { ComputedType } from '../formula/derived.ts';
import { narrow } from './storage.ts';

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * Doubles as stored values, rounded to nearest even; `into` begins at a multiple of a value's bytes. By way of an f32 that is
 * rounded to odd where it is not exact, so that the second rounding sees on which side of it the double lay.
 */
export function roundOnce(doubles: Float64Array, dtype: ComputedType, into: Uint8Array): void {
  const { buffer, byteOffset } = into;
  const { length } = doubles;
  switch (dtype) {
    case 'F64':
      return withOneNaN(doubles, new Float64Array(buffer, byteOffset, length));
    case 'F32':
      return withOneNaN(doubles, new Float32Array(buffer, byteOffset, length));
    case 'F16':
    case 'BF16':
    case 'F8_E4M3':
    case 'F8_E5M2': {
      const wide = dtype === 'F16' || dtype === 'BF16';
      const patterns = wide ? new Uint16Array(buffer, byteOffset, length) : into;
      for (let i = 0; i < length; i++) patterns[i] = narrow(toOdd(doubles[i]!), dtype);
    }
  }
}

/** Machines differ in the bits of a NaN that they compute: there is one in files. */
function withOneNaN(doubles: Float64Array, into: Float64Array | Float32Array): void {
  for (let i = 0; i < doubles.length; i++) {
    const value = doubles[i]!;
    into[i] = Number.isNaN(value) ? Number.NaN : value;
  }
}

/** The bits of the f32 that is the double, or else of the odd one beside it. */
function toOdd(value: number): number {
  single[0] = value;
  const nearest = single[0]!;
  if (nearest === value || Number.isNaN(nearest)) return bits[0]!;
  if (!Number.isFinite(nearest)) return Number.isFinite(value) ? bits[0]! - 1 : bits[0]!;
  if ((bits[0]! & 1) === 1) return bits[0]!;
  // Patterns of one sign are in the order of their magnitudes.
  return bits[0]! + (Math.abs(nearest) < Math.abs(value) ? 1 : -1);
}
