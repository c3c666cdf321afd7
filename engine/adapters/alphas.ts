/** The α that some files keep beside each pair of factors: the only values that are read before a run. */
import type { CheckpointTensor } from '../checkpoints/checkpoint.ts';
import { malformedAdapter } from '../faults/malformed-adapter.ts';
import { raise } from '../faults/fault.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { openRegular, readExactly } from '../safetensors/open-regular.ts';
import { isComputed } from '../formula/derived.ts';
import { toDoubles } from '../numeric/to-doubles.ts';
import type { FactorKeys } from './factor-keys.ts';

/** By module. Throws MW4525 where one is no number. */
export async function readAlphas(
  keys: readonly FactorKeys[],
  tensors: ReadonlyMap<string, CheckpointTensor>,
  path: string,
): Promise<ReadonlyMap<string, number>> {
  const named = keys.flatMap(({ key, alpha }) => (alpha === undefined ? [] : [{ key, alpha }]));
  const alphas = new Map<string, number>();
  if (named.length === 0) return alphas;
  await reading(path, async () => {
    const handle = await openRegular(path);
    try {
      for (const { key, alpha } of named) {
        const tensor = tensors.get(alpha)!;
        if (elementCount(tensor.shape) !== 1) malformed(path, alpha);
        const bytes = new Uint8Array(tensor.byteLength);
        await readExactly(handle, bytes, { at: tensor.offset, path });
        const value = numberOf(bytes, tensor);
        if (value === undefined || !Number.isFinite(value)) malformed(path, alpha);
        alphas.set(key, value);
      }
    } finally {
      await handle.close();
    }
  });
  return alphas;
}

function numberOf(bytes: Uint8Array, { dtype }: CheckpointTensor): number | undefined {
  if (isComputed(dtype)) {
    const value = new Float64Array(1);
    toDoubles(bytes, dtype, value);
    return value[0];
  }
  const view = new DataView(bytes.buffer);
  switch (dtype) {
    case 'I64':
      return Number(view.getBigInt64(0, true));
    case 'I32':
      return view.getInt32(0, true);
    default:
      return undefined;
  }
}

function malformed(path: string, alpha: string): never {
  raise(malformedAdapter, {
    file: path,
    message: `${shown(alpha)} of ${shownPlain(path)} is no single number.`,
    help: 'Copy the adapter again from where it came from.',
  });
}
