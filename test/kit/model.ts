import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DType, TensorHeader } from '../../grammar/places/signature.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { f32Bits } from '../../engine/numeric/decimal.ts';
import { narrow, widen } from '../../engine/numeric/storage.ts';
import { layoutShards } from '../../engine/safetensors/layout.ts';

/** A tensor of a test's model. */
export interface TestTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The bits of its elements, one word each; of doubles two, the lower half first. */
  readonly words: Uint32Array;
}

type FloatType = Extract<DType, `${'F' | 'BF'}${string}`>;

export type TestModel = Readonly<Record<string, TestTensor>>;

/** A tensor from numbers, each rounded to the type; one axis unless a shape is given. */
export function tensor(
  values: ArrayLike<number>,
  dtype: FloatType = 'F32',
  shape: readonly number[] = [values.length],
): TestTensor {
  if (dtype === 'F64')
    return { dtype, shape, words: new Uint32Array(Float64Array.from(values).buffer) };
  const bits = Uint32Array.from(values, (value) =>
    dtype === 'F32' ? f32Bits(value) : narrow(f32Bits(value), dtype),
  );
  return { dtype, shape, words: bits };
}

/** A tensor from the bits of its elements. */
export function words(
  bits: Uint32Array,
  dtype: Exclude<FloatType, 'F64'>,
  shape?: readonly number[],
): TestTensor {
  return { dtype, shape: shape ?? [bits.length], words: bits };
}

export function bytesOf({ dtype, words: bits }: TestTensor): Uint8Array {
  switch (dtype) {
    case 'F64':
    case 'F32':
    case 'I32':
      return new Uint8Array(bits.slice().buffer);
    case 'BF16':
    case 'F16':
      return new Uint8Array(Uint16Array.from(bits).buffer);
    case 'F8_E4M3':
    case 'F8_E5M2':
      return Uint8Array.from(bits);
    default:
      throw new Error(`a test's model has no ${dtype}`);
  }
}

/** The values of stored bytes, as numbers. */
export function valuesOf(bytes: Uint8Array, dtype: DType): number[] {
  const copy = bytes.slice();
  if (dtype === 'F64') return [...new Float64Array(copy.buffer)];
  if (dtype === 'F32') return [...new Float32Array(copy.buffer)];
  if (!isRounded(dtype)) throw new Error(`${dtype} has no values here`);
  const patterns = dtype === 'BF16' || dtype === 'F16' ? new Uint16Array(copy.buffer) : copy;
  const wide = Uint32Array.from(patterns, (pattern) => widen(pattern, dtype));
  return [...new Float32Array(wide.buffer)];
}

function isRounded(dtype: DType): dtype is 'BF16' | 'F16' | 'F8_E4M3' | 'F8_E5M2' {
  return dtype === 'BF16' || dtype === 'F16' || dtype === 'F8_E4M3' || dtype === 'F8_E5M2';
}

/** Writes a model folder as trainers do. */
export function writeModel(
  folder: string,
  model: TestModel,
  options: { readonly config?: unknown; readonly shardBytes?: number } = {},
): void {
  mkdirSync(folder, { recursive: true });
  const headers: TensorHeader[] = Object.entries(model).map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
  }));
  const layout = valueOf(
    layoutShards(
      headers,
      options.shardBytes === undefined ? {} : { shardBytes: options.shardBytes },
    ),
  );
  layout.files.forEach(({ name, size, header }, file) => {
    const bytes = new Uint8Array(size);
    bytes.set(header);
    for (const [tensorName, place] of layout.tensors) {
      if (place.file === file) bytes.set(bytesOf(model[tensorName]!), place.offset);
    }
    writeFileSync(join(folder, name), bytes);
  });
  if (layout.indexJson !== undefined)
    writeFileSync(join(folder, 'model.safetensors.index.json'), layout.indexJson);
  if (options.config !== undefined)
    writeFileSync(join(folder, 'config.json'), JSON.stringify(options.config));
}

/** Writes a model of one tensor as large as one likes: a piece of bytes, over and over. */
export function writeLargeModel(
  folder: string,
  {
    pieces,
    piece,
    ...header
  }: TensorHeader & { readonly pieces: number; readonly piece: Uint8Array },
): void {
  mkdirSync(folder, { recursive: true });
  const layout = valueOf(layoutShards([header]));
  const [file] = layout.files;
  const out = openSync(join(folder, file!.name), 'w');
  writeSync(out, file!.header);
  for (let done = 0; done < pieces; done++) writeSync(out, piece);
  closeSync(out);
}
