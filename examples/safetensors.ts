import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The safetensors format, as far as the examples need it. They write and read their checkpoints
 * without the engine, so that a fault of the engine cannot hide behind a matching fault here.
 */

export type FloatType = 'F32' | 'F16' | 'BF16';

/** The place of one tensor in a file. The shape is [rows, columns, …], stored in C order. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: FloatType;
  readonly shape: readonly number[];
}

/** One tensor with its values widened to f32. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export const bytesPerValue = { F32: 4, F16: 2, BF16: 2 } as const satisfies Record<
  FloatType,
  number
>;

export function valueCount(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

/**
 * The first bytes of a file that holds these tensors one after the other in the order given: the
 * header's length, and the header padded with spaces so that the tensors begin at a multiple of 8.
 */
export function encodeHeader(tensors: readonly TensorEntry[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape }): [string, unknown] => {
    const begin = end;
    end += valueCount(shape) * bytesPerValue[dtype];
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = Object.fromEntries([['__metadata__', { format: 'pt' }], ...entries]);
  const json = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8), 0);
  json.copy(bytes, 8);
  return bytes;
}

/** A whole F32 file, its tensors in byte order of their names. */
export function encodeFile(tensors: readonly Tensor[]): Buffer {
  const sorted = tensors.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
  );
  const header = encodeHeader(sorted.map(({ name, shape }) => ({ name, shape, dtype: 'F32' })));
  const bodies = sorted.map(({ values }) => {
    const body = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => body.writeFloatLE(value, i * 4));
    return body;
  });
  return Buffer.concat([header, ...bodies]);
}

/** All tensors of a folder in Hugging Face's layout: one `model.safetensors`, or shards and an index. */
export function readFolder(folder: string): Map<string, Tensor> {
  const indexPath = join(folder, 'model.safetensors.index.json');
  if (!existsSync(indexPath)) return readFile(join(folder, 'model.safetensors'));
  const index = JSON.parse(readFileSync(indexPath, 'utf8')) as {
    weight_map: Record<string, string>;
  };
  const files = new Set(Object.values(index.weight_map));
  return new Map([...files].flatMap((file) => [...readFile(join(folder, file))]));
}

function readFile(path: string): Map<string, Tensor> {
  const bytes = readFileSync(path);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const body = bytes.subarray(headerEnd + data_offsets[0], headerEnd + data_offsets[1]);
    tensors.set(name, { name, shape, values: widen(body, dtype, name) });
  }
  return tensors;
}

function widen(body: Buffer, dtype: string, name: string): Float32Array {
  switch (dtype) {
    case 'F32':
      return Float32Array.from({ length: body.length / 4 }, (_, i) => body.readFloatLE(i * 4));
    case 'BF16':
      return bf16ToF32(halfWords(body));
    case 'F16':
      return Float32Array.from(halfWords(body), f16ToNumber);
    default:
      throw new Error(`${name} is stored as ${dtype}; the examples read F32, F16 and BF16.`);
  }
}

function halfWords(body: Buffer): Uint16Array {
  return Uint16Array.from({ length: body.length / 2 }, (_, i) => body.readUInt16LE(i * 2));
}

/** A bf16 is the upper half of an f32. */
function bf16ToF32(halves: Uint16Array): Float32Array {
  const bits = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
function f16ToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
