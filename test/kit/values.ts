/** Values for tests: the same on every machine, and shaped to meet the edges of the arithmetic. */
import { tensor, words, type TestTensor } from './model.ts';

export type Stored = 'F32' | 'BF16' | 'F16';

/** Numbers in [0, 1) from a seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Weights as training leaves them: most of them small, both signs. */
export function weights(count: number, seed: number): Float32Array {
  const next = generator(seed);
  return Float32Array.from({ length: count }, () => (next() + next() + next() - 1.5) / 16);
}

/** A fine-tune whose steps have few magnitudes, so that many of them are equal and some are zero. */
export function stepped(base: Float32Array, seed: number): Float32Array {
  const next = generator(seed);
  return base.map((value) => value + (Math.floor(next() * 9) - 4) / 256);
}

/** Zeros of both signs, subnormals of either width, the least normal and its neighbours, in turn. */
export function tiny(count: number, dtype: Stored, seed: number): TestTensor {
  const next = generator(seed);
  const half = [0, 0x8000, 1, 0x8001, 2, 0x7f, 0x80, 0x81, 0x8080, 0x3ff, 0x400, 0x401];
  const full = [0, 0x80000000, 1, 0x80000001, 0x7fffff, 0x800000, 0x800001, 0x80ffffff, 0x3f800000];
  const from = dtype === 'F32' ? full : half;
  const bits = Uint32Array.from({ length: count }, () => from[Math.floor(next() * from.length)]!);
  return words(bits, dtype);
}

/** The same values in a type of storage and a shape. */
export function stored(values: Float32Array, dtype: Stored, shape?: readonly number[]): TestTensor {
  return tensor(values, dtype, shape);
}
