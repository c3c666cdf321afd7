import { FaultError, makeFault } from '../faults/fault.ts';
import { noDevice } from '../faults/no-device.ts';
import type { BackendShare } from '../output/report.ts';
import type { ComputeHost } from './compute-host.ts';
import type { Computing } from './options.ts';
import type { StoredTensors } from './tensors.ts';

/** Who computed an output, by slices. */
export function sharesOf(
  { cpuSlices, gpuSlices, moved }: StoredTensors,
  { cpu, gpu, place }: ComputeHost,
): readonly BackendShare[] {
  const host = place === undefined ? {} : { host: place };
  const onCpu = { backend: cpu, slices: cpuSlices, ...host };
  if (gpu === undefined) return [onCpu];
  const reasons = moved.length === 0 ? {} : { moved };
  const onGpu = { backend: 'gpu', slices: gpuSlices, device: gpu.device, ...host, ...reasons };
  return cpuSlices === 0 ? [onGpu] : [onGpu, onCpu];
}

/** Who is about to compute. */
export function computingOf({ cpu, gpu, pool }: ComputeHost): Computing {
  const threads = pool.size;
  return gpu === undefined
    ? { backend: cpu, threads }
    : { backend: 'gpu', device: gpu.device, threads };
}

/** A GPU is asked for by name, and there is none. */
export function noDeviceError(why: string): FaultError {
  return new FaultError(
    makeFault(noDevice, {
      message: `There is no GPU to run on: ${why}.`,
      help: 'Run with --backend auto, which takes WebAssembly where there is no GPU; the bytes are the same.',
    }),
  );
}
