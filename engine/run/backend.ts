import type { BackendShare } from '../output/report.ts';
import { openGpu } from '../backends/gpu/device.ts';
import { makeFault, FaultError } from '../faults/fault.ts';
import { noDevice } from '../faults/no-device.ts';
import { nodeFiles } from './file-access.ts';
import { gpuMap, type GpuMap } from './gpu-map.ts';
import type { RunOptions } from './options.ts';

/** Who computes, and why. */
export interface Chosen {
  readonly cpu: 'wasm' | 'oracle' | 'none';
  readonly gpu?: GpuMap;
  shares(cpuSlices: number): readonly BackendShare[];
}

export interface Machine {
  readonly paths: readonly string[];
  readonly sliceElements: number;
  readonly operands: number;
}

/** A real GPU that computes exactly, where it is asked for or there is one; else WebAssembly. Throws MW6203. */
export async function chooseBackend(options: RunOptions, machine: Machine): Promise<Chosen> {
  const { backend, allowSoftwareGpu, signal } = options;
  switch (backend) {
    case 'wasm':
    case 'oracle':
    case 'none':
      return onCpu(backend);
    case 'auto':
    case 'gpu':
      break;
  }
  const device = await openGpu({ allowSoftware: allowSoftwareGpu && backend === 'gpu' });
  if ('refused' in device) {
    if (backend === 'auto') return onCpu('wasm');
    throw new FaultError(
      makeFault(noDevice, {
        message: `There is no GPU to run on: ${device.refused}.`,
        help: 'Run with --backend auto, which takes WebAssembly where there is no GPU; the bytes are the same.',
      }),
    );
  }
  const files = options.inline ?? nodeFiles();
  const gpu = gpuMap({ device, ...machine, files, ...(signal === undefined ? {} : { signal }) });
  return {
    cpu: 'wasm',
    gpu,
    shares(cpuSlices) {
      const { slices, moved } = gpu.shares();
      const onGpu = {
        backend: 'gpu',
        slices,
        device: gpu.device,
        ...(moved.length === 0 ? {} : { moved }),
      };
      return cpuSlices === 0 ? [onGpu] : [onGpu, { backend: 'wasm', slices: cpuSlices }];
    },
  };
}

function onCpu(cpu: Chosen['cpu']): Chosen {
  return { cpu, shares: (slices) => [{ backend: cpu, slices }] };
}
