import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { layoutShards } from '../../engine/safetensors/layout.ts';

export interface SparseModel {
  /** Of the whole model, about. */
  readonly bytes: number;
  /** Of its one large tensor; the rest is in tensors of 32 MiB. */
  readonly largest: number;
}

const rowBytes = 8192;
const layerBytes = 1 << 25;

/** Writes a bf16 model of zeros whose file is a header and a hole: it takes no room on the disk, and all its size is read. */
export function writeSparseModel(folder: string, { bytes, largest }: SparseModel): void {
  mkdirSync(folder, { recursive: true });
  const matrix = (name: string, size: number): TensorHeader => ({
    name,
    dtype: 'BF16',
    shape: [Math.floor(size / rowBytes), rowBytes / 2],
  });
  const layers = Math.max(1, Math.round((bytes - largest) / layerBytes));
  const layout = valueOf(
    layoutShards([
      matrix('model.embed_tokens.weight', largest),
      ...Array.from({ length: layers }, (_, i) =>
        matrix(`model.layers.${i}.mlp.up_proj.weight`, layerBytes),
      ),
    ]),
  );
  const { name, size, header } = layout.files[0]!;
  const file = openSync(join(folder, name), 'w');
  writeSync(file, header);
  ftruncateSync(file, size);
  closeSync(file);
}
