/**
 * Whole arrays between the types that kernels do not know and those that they do. A type of eight bits goes through tables made
 * by the definition, a double through the machine's own rounding to nearest even.
 */
import { narrow, storageFormat, widen, type StorageDtype } from './storage.ts';

type SmallType = Extract<StorageDtype, 'F8_E4M3' | 'F8_E5M2'>;

/** The bf16 word of each pattern, which holds its value exactly. */
const wideWords = tableOf((dtype) =>
  Uint16Array.from({ length: 256 }, (_, pattern) => widen(pattern, dtype) >>> 16),
);

/**
 * The pattern nearest to an f32, by the high half of its bits with the lowest of them set where any bit of the low half is. No
 * small type keeps more than three bits of the significand, so all below the eighth matters only by being there.
 */
const narrowPatterns = tableOf((dtype) =>
  Uint8Array.from({ length: 65536 }, (_, high) => narrow((high << 16) >>> 0, dtype)),
);

/** Patterns of a small type to as many bf16 words. */
export function widenSmall(patterns: Uint8Array, dtype: SmallType, into: Uint16Array): void {
  const table = wideWords(dtype);
  for (let i = 0; i < patterns.length; i++) into[i] = table[patterns[i]!]!;
}

/**
 * The bits of f32 values to as many patterns, to nearest even. Returns whether one of them is an infinity or a NaN, be it that
 * the value was, or that it is too large for the type.
 */
export function narrowSmall(f32Bits: Uint32Array, dtype: SmallType, into: Uint8Array): boolean {
  const table = narrowPatterns(dtype);
  let largest = 0;
  for (let i = 0; i < f32Bits.length; i++) {
    const bits = f32Bits[i]!;
    const pattern = table[(bits >>> 16) | (((bits & 0xffff) + 0xffff) >>> 16)]!;
    into[i] = pattern;
    const magnitude = pattern & 0x7f;
    if (magnitude > largest) largest = magnitude;
  }
  return largest >= storageFormat(dtype).infinity;
}

/** Doubles rounded to f32, to nearest even. */
export function roundDoubles(doubles: Float64Array, into: Float32Array): void {
  for (let i = 0; i < doubles.length; i++) into[i] = doubles[i]!;
}

/** Values of f32 as doubles, exactly; the one NaN of f32 becomes the one that is written in a double. */
export function widenToDoubles(values: Float32Array, into: Float64Array): void {
  for (let i = 0; i < values.length; i++) into[i] = values[i]!;
}

/** One table a type, made when it is first asked for. */
function tableOf<T>(make: (dtype: SmallType) => T): (dtype: SmallType) => T {
  const made = new Map<SmallType, T>();
  return (dtype) => {
    let table = made.get(dtype);
    if (table === undefined) made.set(dtype, (table = make(dtype)));
    return table;
  };
}
