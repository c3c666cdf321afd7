import { existsSync, readdirSync } from 'node:fs';
import { openGpu } from '../backends/gpu/dawn.ts';
import type { GpuDevice } from '../backends/gpu/device.ts';
import type { ComputeWish, OpenCompute } from './compute-host.ts';
import { nodeFiles } from './file-access.ts';
import { gpuMap, type GpuMap } from './gpu-map.ts';
import { inlinePool } from './inline-pool.ts';
import type { CpuBackend } from './kernels.ts';
import type { RunOptions } from './options.ts';
import { noDeviceError } from './shares.ts';
import { threadPool } from './thread-pool.ts';
import { WorkerFiles } from './worker-files.ts';

type MachineOptions = Pick<RunOptions, 'backend' | 'allowSoftwareGpu' | 'inline'>;

/** Threads of this process, and its GPU: a real one that computes exactly, where it is asked for or there is one. */
export function machineCompute(options: MachineOptions): OpenCompute {
  return async (wish) => {
    const chosen = await chooseBackend(options);
    const { files, sliceElements, control, workers } = wish;
    const start = { backend: chosen.cpu, files, sliceElements, control };
    const gpu = chosen.device === undefined ? undefined : mapOn(chosen.device, wish, options);
    const pool =
      options.inline === undefined ? threadPool(workers, start) : inlinePool(start, options.inline);
    return {
      pool,
      cpu: chosen.cpu,
      ...(gpu === undefined ? {} : { gpu }),
      async close() {
        await pool.close();
        gpu?.close();
      },
    };
  };
}

function mapOn(device: GpuDevice, wish: ComputeWish, { inline }: MachineOptions): GpuMap {
  const { sliceElements, operands, signal } = wish;
  const files = new WorkerFiles(wish, inline ?? nodeFiles());
  const aborting = signal === undefined ? {} : { signal };
  const map = gpuMap({ device, files, sliceElements, operands, ...aborting });
  return {
    ...map,
    close() {
      map.close();
      files.close();
    },
  };
}

async function chooseBackend({
  backend,
  allowSoftwareGpu,
}: MachineOptions): Promise<{ readonly cpu: CpuBackend; readonly device?: GpuDevice }> {
  switch (backend) {
    case 'wasm':
    case 'oracle':
    case 'none':
      return { cpu: backend };
    case 'auto':
    case 'gpu':
      break;
  }
  if (backend === 'auto' && !mayHaveGpu()) return { cpu: 'wasm' };
  const device = await openGpu({ allowSoftware: allowSoftwareGpu && backend === 'gpu' });
  if (!('refused' in device)) return { cpu: 'wasm', device };
  if (backend === 'auto') return { cpu: 'wasm' };
  throw noDeviceError(device.refused);
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
