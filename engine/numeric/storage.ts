import { F32_NAN_BITS } from './decimal.ts';

/**
 * Conversions between the bits of an f32, in which all is computed, and the patterns of the types in
 * which weights are stored. Integer arithmetic only, the same as in every kernel.
 */

/** The types to which a kernel rounds. F64 is none: its values become f32 first. */
export type StorageDtype = 'F32' | 'BF16' | 'F16' | 'F8_E4M3' | 'F8_E5M2';

/** Everything that rounding has to know of a type. Patterns are given without sign, but for `sign`. */
export interface StorageFormat {
  readonly bytes: 1 | 2 | 4;
  /** Explicit bits of the significand. */
  readonly mantissaBits: number;
  readonly bias: number;
  /** What overflow gives. E4M3 has no infinity and puts its NaN here. Smaller patterns are finite. */
  readonly infinity: number;
  /** The one NaN that is ever written; it has no sign. */
  readonly nan: number;
  /** The sign bit. */
  readonly sign: number;
}

const FORMATS = {
  F32: {
    bytes: 4,
    mantissaBits: 23,
    bias: 127,
    infinity: 0x7f800000,
    nan: F32_NAN_BITS,
    sign: 0x80000000,
  },
  BF16: { bytes: 2, mantissaBits: 7, bias: 127, infinity: 0x7f80, nan: 0x7fc0, sign: 0x8000 },
  F16: { bytes: 2, mantissaBits: 10, bias: 15, infinity: 0x7c00, nan: 0x7e00, sign: 0x8000 },
  F8_E4M3: { bytes: 1, mantissaBits: 3, bias: 7, infinity: 0x7f, nan: 0x7f, sign: 0x80 },
  F8_E5M2: { bytes: 1, mantissaBits: 2, bias: 15, infinity: 0x7c, nan: 0x7f, sign: 0x80 },
} as const satisfies Record<StorageDtype, StorageFormat>;

export function storageFormat(dtype: StorageDtype): StorageFormat {
  return FORMATS[dtype];
}

/** The pattern nearest to an f32, ties to even; every NaN becomes the one of the type. */
export function narrow(f32Bits: number, dtype: StorageDtype): number {
  const { mantissaBits, bias, infinity, nan, sign } = storageFormat(dtype);
  const magnitude = f32Bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return nan;
  const rounded = Math.min(roundMagnitude(magnitude, { mantissaBits, bias }), infinity);
  if (rounded === nan) return nan;
  return f32Bits < 0 || f32Bits > 0x7fffffff ? (rounded | sign) >>> 0 : rounded;
}

/** Sign and exponent range aside: a carry out of the significand raises the exponent by itself. */
function roundMagnitude(
  magnitude: number,
  { mantissaBits, bias }: Pick<StorageFormat, 'mantissaBits' | 'bias'>,
): number {
  const dropped = 23 - mantissaBits;
  if (dropped === 0) return magnitude;
  const exponent = magnitude >>> 23;
  const smallestNormalExponent = 128 - bias;
  if (exponent >= smallestNormalExponent || bias === 127) {
    return shiftToNearest(magnitude - ((127 - bias) << 23), dropped);
  }
  // A subnormal of the target is a multiple of its smallest: the significand is shifted further.
  // From an f32 subnormal, which has no leading one, nothing is left in any type of a smaller bias.
  const significand = exponent === 0 ? 0 : (magnitude & 0x7fffff) | 0x800000;
  return shiftToNearest(significand, dropped + smallestNormalExponent - exponent);
}

/** bits / 2^shift, ties to even, for bits below 2^31 and a positive shift. */
function shiftToNearest(bits: number, shift: number): number {
  if (shift > 30) return 0;
  const lastKept = (bits >>> shift) & 1;
  const justBelowHalf = (1 << (shift - 1)) - 1;
  return (bits + justBelowHalf + lastKept) >>> shift;
}

/** The f32 bits of a pattern, exactly. A NaN of BF16 keeps its payload, as its kernel is one shift. */
export function widen(pattern: number, dtype: StorageDtype): number {
  const { mantissaBits, bias, infinity, nan, sign } = storageFormat(dtype);
  const added = 23 - mantissaBits;
  if (bias === 127) return (pattern << added) >>> 0;

  const magnitude = pattern & (sign - 1);
  if (magnitude > infinity || magnitude === nan) return F32_NAN_BITS;
  const f32Sign = pattern & sign ? 0x80000000 : 0;
  if (magnitude === infinity) return (f32Sign | 0x7f800000) >>> 0;
  if (magnitude === 0) return f32Sign;
  if (magnitude >>> mantissaBits > 0) {
    return (f32Sign | ((magnitude << added) + ((127 - bias) << 23))) >>> 0;
  }
  const leadingBit = 31 - Math.clz32(magnitude);
  const exponent = 128 - bias - mantissaBits + leadingBit;
  return (f32Sign | (exponent << 23) | ((magnitude << (23 - leadingBit)) & 0x7fffff)) >>> 0;
}

/** An array of patterns: one byte an element for F8, two for the 16-bit types, four for F32. */
export type StoragePatterns = Uint8Array | Uint16Array | Uint32Array;

/** `narrow` over f32 bits. */
export function narrowAll(f32Bits: Uint32Array, dtype: StorageDtype): StoragePatterns {
  const patterns = emptyPatterns(f32Bits.length, dtype);
  for (let i = 0; i < f32Bits.length; i += 1) patterns[i] = narrow(f32Bits[i]!, dtype);
  return patterns;
}

/** `widen` over patterns, to f32 bits. */
export function widenAll(patterns: StoragePatterns, dtype: StorageDtype): Uint32Array {
  const f32Bits = new Uint32Array(patterns.length);
  for (let i = 0; i < patterns.length; i += 1) f32Bits[i] = widen(patterns[i]!, dtype);
  return f32Bits;
}

function emptyPatterns(length: number, dtype: StorageDtype): StoragePatterns {
  switch (storageFormat(dtype).bytes) {
    case 1:
      return new Uint8Array(length);
    case 2:
      return new Uint16Array(length);
    case 4:
      return new Uint32Array(length);
  }
}
