import { widthOf, type KernelType } from '../../formula/derived.ts';
import { narrow } from '../../numeric/storage.ts';
import { threefry2x32 } from '../../numeric/threefry.ts';
import type { TrustedRange } from './range.ts';

/** Random words of a seed, the same on every machine. */
export function randomWords(seed: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i += 2) {
    const [a, b] = threefry2x32([seed, 0x5eed], [i, 0]);
    words[i] = a;
    if (i + 1 < count) words[i + 1] = b;
  }
  return words;
}

/** Zeros, subnormals, the ends of the normal numbers, ones and their neighbours, large integers, infinities and NaNs. */
export const specialWords: readonly number[] = [
  0, 1, 2, 0x007fffff, 0x00800000, 0x00800001, 0x33800000, 0x3effffff, 0x3f000000, 0x3f7fffff,
  0x3f800000, 0x3f800001, 0x3fc00000, 0x40490fdb, 0x4b000001, 0x4b7fffff, 0x4b800000, 0x7effffff,
  0x7f000000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff,
].flatMap((word) => [word, (word | 0x80000000) >>> 0]);

/** Every pair of special words first, then random ones: the operand of that number. */
export function wordsWithSpecials(operand: number, elements: number): Uint32Array {
  const words = randomWords(101 + operand, elements);
  const n = specialWords.length;
  for (let i = 0; i < Math.min(n * n, elements); i++)
    words[i] = specialWords[operand === 0 ? i % n : Math.floor(i / n)]!;
  return words;
}

/** Random words made floats of ordinary size, 2^-40 to 2^40, and zeros. */
export function ordinaryFloats(words: Uint32Array): Uint32Array {
  return words.map((word) => {
    const exponent = 87 + ((word >>> 23) % 80);
    return word % 61 === 0 ? word & 0x80000000 : (word & 0x807fffff) | (exponent << 23);
  });
}

/** f32 words as the operand's bytes in a type. */
export function operandOf(dtype: KernelType, f32Words: Uint32Array): Uint8Array {
  if (widthOf(dtype) === 32) return new Uint8Array(f32Words.slice().buffer);
  return new Uint8Array(Uint16Array.from(f32Words, (word) => narrow(word, dtype)).buffer);
}

/** A base and models near it, of the size of weights, with zeros of both signs and elements that agree exactly. */
export function weights(dtype: KernelType, count: number, elements: number): Uint8Array[] {
  const centre = randomWords(7, elements);
  return Array.from({ length: count }, (_, model) => {
    const own = randomWords(11 + model, elements);
    const values = Float32Array.from(own, (word, i) => {
      const shared = centre[i]!;
      if (shared % 97 === 0) return word % 2 === 0 ? 0 : -0;
      const base = (shared / 4294967296 - 0.5) / 8;
      const agrees = model === 0 || word % 5 === 0;
      return agrees ? base : base + (word / 4294967296 - 0.5) / 16;
    });
    return operandOf(dtype, new Uint32Array(values.buffer));
  });
}

/**
 * Magnitudes at either end of the range, equal or a few units apart between the operands, with all signs: sums cancel exactly or
 * nearly, and results are as small and as large as the range allows. f16 has no such ends: its smallest and its largest.
 */
export function edges(
  dtype: KernelType,
  count: number,
  elements: number,
  { low, high }: TrustedRange,
): Uint8Array[] {
  const unit = dtype === 'BF16' ? 65536 : 1;
  const bottom = (low + 127) << 23;
  const top = (((high + 127) << 23) >>> 0) - unit;
  const shared = randomWords(23, elements);
  return Array.from({ length: count }, (_, operand) => {
    const own = randomWords(29 + operand, elements);
    const word = (i: number): number => {
      const random = own[i]!;
      const steps = (random >>> 8) % ((shared[i]! >>> 4) % 3 === 0 ? 2 : 40);
      const isTop = shared[i]! % 8 === 0;
      if (dtype === 'F16') return ((random & 1) << 15) | (isTop ? 0x7bff - steps : steps);
      const magnitude = isTop ? top - steps * unit : bottom + steps * unit;
      return ((random & 1) === 1 ? magnitude | 0x80000000 : magnitude) >>> 0;
    };
    if (dtype === 'F16') return new Uint8Array(Uint16Array.from(own, (_, i) => word(i)).buffer);
    return operandOf(
      dtype,
      own.map((_, i) => word(i)),
    );
  });
}
