/** Stores the tensors of one output: long ones one after another, by all workers, then the others side by side. */
import type { RunningChecks } from '../checks/begin-checks.ts';
import type { PlannedOutput, PlannedTensor } from '../plan/plan.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { byReason, type MovedSlices } from './gpu-map.ts';
import { inParallel } from './parallel.ts';
import { storeTensor, type TensorStoring } from './store-tensor.ts';
import { isForAll } from './tensor-sizes.ts';

export interface Storing extends TensorStoring {
  readonly allowNonFinite: boolean;
  /** What is stored is looked at beside its inputs; absent where nothing is. */
  readonly checks?: Pick<RunningChecks, 'begin'>;
  readonly onTensor: () => void;
}

export interface StoredTensors {
  /** By the output's tensors: the hash of each piece. */
  readonly pieces: readonly (readonly Uint8Array[])[];
  readonly cpuSlices: number;
  readonly gpuSlices: number;
  readonly moved: readonly MovedSlices[];
  /** The first tensor in byte order that holds one, with its lowest element. */
  readonly nonFinite?: NonFinite;
}

export interface NonFinite {
  readonly tensor: string;
  readonly element: number;
}

export async function storeTensors(
  output: PlannedOutput,
  storing: Storing,
): Promise<StoredTensors> {
  const pieces: (readonly Uint8Array[])[] = [];
  let cpuSlices = 0;
  let gpuSlices = 0;
  const moved: MovedSlices[] = [];
  let worst: NonFinite | undefined;
  const store = async (tensor: PlannedTensor, index: number): Promise<void> => {
    if (worst !== undefined && !storing.allowNonFinite && byteOrder(tensor.name, worst.tensor) > 0)
      return;
    const stored = await storeTensor(tensor, storing);
    storing.checks?.begin(index);
    cpuSlices += stored.cpuSlices;
    gpuSlices += stored.gpuSlices;
    moved.push(...stored.moved);
    pieces[index] = stored.pieces;
    if (
      stored.nonFinite !== undefined &&
      (worst === undefined || byteOrder(tensor.name, worst.tensor) < 0)
    ) {
      worst = { tensor: tensor.name, element: stored.nonFinite };
    }
    storing.onTensor();
  };
  const indexed = output.tensors.map((tensor, index) => ({ tensor, index }));
  const alone = indexed.filter(({ tensor }) => isForAll(tensor, storing.budget));
  const together = indexed.filter(({ tensor }) => !isForAll(tensor, storing.budget));
  for (const { tensor, index } of alone) await store(tensor, index);
  await inParallel(together, 2 * storing.pool.size, ({ tensor, index }) => store(tensor, index));
  return {
    pieces,
    cpuSlices,
    gpuSlices,
    moved: byReason(moved),
    ...(worst === undefined ? {} : { nonFinite: worst }),
  };
}
