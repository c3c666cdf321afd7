import { existsSync, readdirSync } from 'node:fs';
import type { BackendShare } from '../output/report.ts';
import { openGpu } from '../backends/gpu/device.ts';
import { makeFault, FaultError } from '../faults/fault.ts';
import { noDevice } from '../faults/no-device.ts';
import { nodeFiles } from './file-access.ts';
import { gpuMap, type GpuMap } from './gpu-map.ts';
import type { RunOptions } from './options.ts';
import type { StoredTensors } from './tensors.ts';

/** Who computes, and why. */
export interface Chosen {
  readonly cpu: 'wasm' | 'oracle' | 'none';
  readonly gpu?: GpuMap;
  /** Of one output. */
  shares(stored: StoredTensors): readonly BackendShare[];
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
  if (backend === 'auto' && !mayHaveGpu()) return onCpu('wasm');
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
    shares({ cpuSlices, gpuSlices: slices, moved }) {
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

/** On Linux a GPU shows as a device file; without one there is nothing to open, and drivers would only complain. */
function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  const renderers = existsSync('/dev/dri') ? readdirSync('/dev/dri') : [];
  return (
    renderers.some((name) => name.startsWith('renderD')) ||
    ['/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
  );
}

function onCpu(cpu: Chosen['cpu']): Chosen {
  return { cpu, shares: ({ cpuSlices }) => [{ backend: cpu, slices: cpuSlices }] };
}
