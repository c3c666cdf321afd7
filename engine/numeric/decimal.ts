/** A double and the single that a kernel gets of it. */

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The one bit pattern that stands for every NaN. */
export const F32_NAN_BITS = 0x7fc00000;

/** The nearest f32, ties to even. */
export function f32(x: number): number {
  return Math.fround(x);
}

/** The u32 of the nearest f32. Every NaN gives 0x7fc00000: an engine may change its payload. */
export function f32Bits(x: number): number {
  if (Number.isNaN(x)) return F32_NAN_BITS;
  single[0] = x;
  return singleBits[0]!;
}

/** The f32 of a u32, or of the signed integer with the same bits. */
export function bitsToF32(bits: number): number {
  singleBits[0] = bits;
  return single[0]!;
}
