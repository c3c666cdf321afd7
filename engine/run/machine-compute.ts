import { openGpu } from '../backends/gpu/dawn.ts';
import type { GpuDevice, OpenGpu } from '../backends/gpu/device.ts';
import { mayHaveGpu } from '../backends/gpu/may-have-gpu.ts';
import { RunCancelled } from './cancelled.ts';
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

/** What a run takes of the machine; tests bring their own. */
export interface Machine {
  readonly openGpu: OpenGpu;
  readonly threadPool: typeof threadPool;
}

const thisMachine: Machine = { openGpu, threadPool };

/** Threads of this process, and its GPU: a real one that computes exactly, where it is asked for or there is one. */
export function machineCompute(
  options: MachineOptions,
  machine: Partial<Machine> = {},
): OpenCompute {
  const { openGpu: open, threadPool: startThreads } = { ...thisMachine, ...machine };
  const reopen = (signal?: AbortSignal): ReturnType<OpenGpu> =>
    open({ allowSoftware: options.allowSoftwareGpu && options.backend === 'gpu' }, signal);
  return async (wish) => {
    const chosen = await chooseBackend(options, reopen, wish.signal);
    const { files, sliceElements, control, workers } = wish;
    const start = { backend: chosen.cpu, files, sliceElements, control };
    const gpu =
      chosen.device === undefined ? undefined : mapOn(chosen.device, wish, options, reopen);
    const pool =
      options.inline === undefined
        ? startThreads(workers, start)
        : inlinePool(start, options.inline);
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

type Reopen = (signal?: AbortSignal) => ReturnType<OpenGpu>;

function mapOn(
  device: GpuDevice,
  wish: ComputeWish,
  { inline }: MachineOptions,
  reopen: Reopen,
): GpuMap {
  const { sliceElements, operands, signal, onNotice } = wish;
  const files = new WorkerFiles(wish, inline ?? nodeFiles());
  const map = gpuMap({
    device,
    reopen,
    files,
    sliceElements,
    operands,
    ...(signal === undefined ? {} : { signal }),
    ...(onNotice === undefined ? {} : { onNotice }),
  });
  return {
    ...map,
    close() {
      map.close();
      files.close();
    },
  };
}

async function chooseBackend(
  { backend }: MachineOptions,
  open: Reopen,
  signal: AbortSignal | undefined,
): Promise<{ readonly cpu: CpuBackend; readonly device?: GpuDevice }> {
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
  const device = await open(signal).catch((error: unknown) => {
    throw signal?.aborted === true ? new RunCancelled() : error;
  });
  if (!('refused' in device)) return { cpu: 'wasm', device };
  if (backend === 'auto') return { cpu: 'wasm' };
  throw noDeviceError(device.refused);
}
