import type { GpuDevice } from './device.ts';
import { rangeMemory } from './range-memory.ts';
import { unfit, type Refusal } from './refusal.ts';
import {
  sliceRunner,
  type MappedSlice,
  type MapRequest,
  type RunnerOptions,
} from './slice-runner.ts';

export type { MappedSlice, MapRequest } from './slice-runner.ts';
export type { Refusal } from './refusal.ts';

export interface Mapper {
  /**
   * Computes a slice, or says why this device cannot: the formula has no trusted range, memory ran out, the device is gone.
   * Rejects with the signal's reason, with what `fill` rejects with, and on bugs. Calls beyond the number of slots wait.
   */
  map(request: MapRequest, signal?: AbortSignal): Promise<MappedSlice | Refusal>;
  /** Destroys the buffers; nothing may be in flight. */
  close(): void;
}

/** Maps slices where their formula is exact on every device. */
export function createMapper(gpu: GpuDevice, options: RunnerOptions): Mapper {
  const runner = sliceRunner(gpu, options);
  const ranges = rangeMemory();
  return {
    async map(request, signal) {
      const range = ranges.trustedRange(request.formula, request.uniforms);
      return 'refused' in range ? unfit(range.refused) : runner.run({ ...request, range }, signal);
    },
    close: () => runner.close(),
  };
}
