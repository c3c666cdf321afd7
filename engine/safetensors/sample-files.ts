import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { layoutShards } from './layout.ts';
import type { LayoutOptions, OutputLayout } from './layout.ts';

/** Files for tests: proper ones as the engine lays them out, and raw ones with whatever header is asked for. */

export function sampleFolder(): string {
  return mkdtempSync(join(tmpdir(), 'mergewright-test-'));
}

/** A file of this very header text, its data zeros. */
export function rawFile(header: string | Uint8Array, dataBytes: number): Buffer {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

/** `{ a: 'F32 [2,3]' }` as headers. */
export function tensorsOf(words: Readonly<Record<string, string>>): TensorHeader[] {
  return Object.entries(words).map(([name, word]) => {
    const [dtype, shape] = word.split(' ');
    return {
      name,
      dtype: dtype as TensorHeader['dtype'],
      shape: JSON.parse(shape ?? '[]') as number[],
    };
  });
}

/** Writes a model's weights into a folder; each byte of a tensor is its place in it, modulo 251. */
export function writeWeights(
  folder: string,
  words: Readonly<Record<string, string>>,
  options?: LayoutOptions,
): OutputLayout {
  const layout = layoutShards(tensorsOf(words), options);
  if (!layout.ok) throw new Error(layout.fault.message);
  for (const [i, { name, size, header }] of layout.value.files.entries()) {
    const bytes = Buffer.alloc(size);
    bytes.set(header);
    for (const { file, offset, byteLength } of layout.value.tensors.values()) {
      if (file !== i) continue;
      for (let k = 0; k < byteLength; k += 1) bytes[offset + k] = k % 251;
    }
    writeFileSync(join(folder, name), bytes);
  }
  if (layout.value.indexJson !== undefined) {
    writeFileSync(join(folder, 'model.safetensors.index.json'), layout.value.indexJson);
  }
  return layout.value;
}
