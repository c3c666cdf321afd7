import type { FloatType } from '../safetensors.ts';

/**
 * Writes the values' `dtype` bits, nearest even, into `stored`, and puts what was stored back into
 * the values. Magnitudes must be below 65504. Words are written in the machine's own byte order,
 * which is little on every machine that Node runs on today, as in a safetensors file.
 */
export function store(values: Float32Array, dtype: FloatType, stored: ArrayBuffer): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  switch (dtype) {
    case 'F32':
      new Uint32Array(stored).set(bits);
      return;
    case 'BF16': {
      const halves = new Uint16Array(stored);
      for (let i = 0; i < bits.length; i++) {
        const word = bits[i];
        const half = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
        halves[i] = half;
        bits[i] = half << 16;
      }
      return;
    }
    case 'F16': {
      const halves = new Uint16Array(stored);
      for (let i = 0; i < bits.length; i++) {
        const word = bits[i];
        const magnitude = word & 0x7fffffff;
        const sign = word & 0x80000000;
        if (magnitude < smallestNormal) {
          const steps = roundHalfEven(Math.abs(values[i]) * 2 ** 24);
          halves[i] = (sign >>> 16) | steps;
          values[i] = (sign ? -1 : 1) * steps * 2 ** -24;
          continue;
        }
        const rounded = (magnitude + 0xfff + ((magnitude >>> 13) & 1)) & ~0x1fff;
        halves[i] = (sign >>> 16) | ((rounded - 0x38000000) >>> 13);
        bits[i] = sign | rounded;
      }
      return;
    }
  }
}

/** The f32 bits of 2⁻¹⁴; below it, an f16 counts steps of 2⁻²⁴. */
const smallestNormal = 0x38800000;

function roundHalfEven(value: number): number {
  const whole = Math.floor(value);
  const rest = value - whole;
  if (rest === 0.5) return whole + (whole & 1);
  return rest > 0.5 ? whole + 1 : whole;
}
