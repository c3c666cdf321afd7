/** What computes a run in the panel: jobs on WebAssembly, and tensors on the page's GPU where there is one. */
import { openDevice } from '../../engine/backends/gpu/device.ts';
import { slotQueue, type SlotQueue } from '../../engine/backends/gpu/slot-queue.ts';
import { FaultError } from '../../engine/faults/fault.ts';
import type { ComputeStart, FromCompute, ToCompute } from '../../engine/protocol/compute.ts';
import { pack, unpack } from '../../engine/protocol/packed.ts';
import { workWaiting } from '../../engine/run/file-request.ts';
import {
  gpuMap,
  type GpuMap,
  type GpuMapOptions,
  type GpuRequest,
} from '../../engine/run/gpu-map.ts';
import type { Answer } from '../../engine/run/job.ts';
import type { MapAnswer } from '../../engine/run/remote-compute.ts';
import { cpuStored } from '../../engine/run/stored.ts';
import { WorkerCore, type TensorJob } from '../../engine/run/worker-core.ts';
import { MessageFiles, type Post } from './message-files.ts';

export interface ProgramOptions {
  /** The page's way to its GPU. */
  readonly gpu: GPU | undefined;
  readonly post: Post;
  /** What is thrown is a bug. */
  readonly fail: (error: unknown) => void;
}

interface Begun {
  /** Each with a bench of its own: it holds one tensor at a time. */
  readonly cores: SlotQueue<WorkerCore>;
  readonly map: GpuMap | undefined;
}

/** Takes the messages of one run. */
export function computeProgram({ gpu, post, fail }: ProgramOptions): (message: ToCompute) => void {
  const files = new MessageFiles(post);
  let begun: Begun | undefined;

  const work = async (job: TensorJob): Promise<Answer> => {
    const core = await begun!.cores.take();
    try {
      return await workWaiting(core.work(job), files);
    } finally {
      begun!.cores.give(core);
    }
  };
  const map = async (request: Omit<GpuRequest, 'onCpu'>): Promise<MapAnswer> => {
    const { item, dtype, to, groups, known } = request;
    try {
      const stored = await begun!.map!.store({
        ...request,
        onCpu: async (stretch) =>
          cpuStored(await work({ kind: 'map', item, dtype, groups, known, to, stretch })),
      });
      return { kind: 'mapped', stored };
    } catch (error) {
      if (error instanceof FaultError) return { kind: 'fault', fault: error.fault };
      throw error;
    }
  };
  const answer = (id: number, coming: Promise<Answer | MapAnswer>): void => {
    coming
      .then((found) => {
        const packed = pack(found);
        post({ kind: 'answer', id, answer: packed }, packed.buffers);
      })
      .catch(fail);
  };
  const start = async (wish: ComputeStart): Promise<FromCompute> => {
    const device = await deviceFor(wish, gpu);
    const afterLoss: Pick<GpuMapOptions, 'reopen' | 'onNotice'> = {
      reopen: async () => (await deviceFor(wish, gpu)) ?? { refused: 'none is wanted' },
      onNotice: (notice) => post({ kind: 'notice', notice }),
    };
    const { sliceElements, operands } = wish;
    const isOpen = device !== undefined && !('refused' in device);
    const cores = Array.from({ length: wish.benches }, () => new WorkerCore(wish));
    begun = {
      cores: slotQueue(cores),
      map: isOpen ? gpuMap({ device, files, sliceElements, operands, ...afterLoss }) : undefined,
    };
    if (device === undefined) return { kind: 'started' };
    return 'refused' in device
      ? { kind: 'started', refused: device.refused }
      : { kind: 'started', device: device.name };
  };

  return (message) => {
    switch (message.kind) {
      case 'start':
        start(message.start)
          .then((started) => post(started))
          .catch(fail);
        return;
      case 'job':
        return answer(message.id, work(unpack<TensorJob>(message.job)));
      case 'store':
        return answer(message.id, map(unpack(message.request)));
      case 'bytes':
        return files.come(message.id, message.bytes);
      case 'written':
        return files.come(message.id, message.pieces);
      case 'refused':
        return files.refuse(message.id, message.fault);
    }
  };
}

async function deviceFor({ gpu: wanted }: ComputeStart, gpu: GPU | undefined) {
  if (wanted === 'never') return undefined;
  if (gpu === undefined) return { refused: 'this page has no WebGPU' };
  return openDevice(gpu, { allowSoftware: wanted === 'any' });
}
