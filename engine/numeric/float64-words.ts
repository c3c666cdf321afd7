/** The two 32-bit words of a double, whatever the byte order of the machine. */

const view = new DataView(new ArrayBuffer(8));

/** Sign, exponent and the upper 20 bits of the significand, as a signed integer. */
export function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getInt32(0);
}

/** `x` with another high word: another sign, exponent or leading part of the significand. */
export function withHighWord(x: number, high: number): number {
  view.setFloat64(0, x);
  view.setInt32(0, high);
  return view.getFloat64(0);
}

/** `x` cut to 21 significant bits, so that the product of two such numbers is exact. */
export function leadingPart(x: number): number {
  view.setFloat64(0, x);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/**
 * `x · 2^exponent` for `x` in [1/4, 4) and an exponent of -1100 to 1100, rounded once.
 * A power that is no normal number is applied in two steps, of which only the last can round.
 */
export function scaleByPowerOfTwo(x: number, exponent: number): number {
  if (exponent > 1000) return x * powerOfTwo(1000) * powerOfTwo(exponent - 1000);
  if (exponent < -1000) return x * powerOfTwo(exponent + 1000) * powerOfTwo(-1000);
  return x * powerOfTwo(exponent);
}

function powerOfTwo(exponent: number): number {
  return withHighWord(0, (exponent + 1023) << 20);
}
