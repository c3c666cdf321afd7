/** Stored values of any float type as doubles: exactly. */
import type { ComputedType } from '../formula/derived.ts';
import { widen } from './storage.ts';

/** By pattern, for the types of 16 and 8 bits whose values are not their bits shifted. */
const tables = new Map<'F16' | 'F8_E4M3' | 'F8_E5M2', Float32Array>();

/** As many values as there is room for. `bytes` begins at a multiple of their size. */
export function toDoubles(bytes: Uint8Array, dtype: ComputedType, into: Float64Array): void {
  const { buffer, byteOffset } = bytes;
  const { length } = into;
  switch (dtype) {
    case 'F64':
      return into.set(new Float64Array(buffer, byteOffset, length));
    case 'F32':
      return into.set(new Float32Array(buffer, byteOffset, length));
    case 'BF16':
      return fromBrain(new Uint16Array(buffer, byteOffset, length), into);
    case 'F16':
      return fromTable(new Uint16Array(buffer, byteOffset, length), tableOf(dtype, 65536), into);
    case 'F8_E4M3':
    case 'F8_E5M2':
      return fromTable(bytes.subarray(0, length), tableOf(dtype, 256), into);
  }
}

function fromBrain(words: Uint16Array, into: Float64Array): void {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let i = 0; i < words.length; i++) {
    bits[0] = words[i]! << 16;
    into[i] = value[0]!;
  }
}

function fromTable(
  patterns: Uint8Array | Uint16Array,
  table: Float32Array,
  into: Float64Array,
): void {
  for (let i = 0; i < patterns.length; i++) into[i] = table[patterns[i]!]!;
}

function tableOf(dtype: 'F16' | 'F8_E4M3' | 'F8_E5M2', length: number): Float32Array {
  let table = tables.get(dtype);
  if (table === undefined) {
    const bits = Uint32Array.from({ length }, (_, pattern) => widen(pattern, dtype));
    table = new Float32Array(bits.buffer);
    tables.set(dtype, table);
  }
  return table;
}
