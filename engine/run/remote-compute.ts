/**
 * A run computed by a program elsewhere, over messages: it is given jobs, asks for slices, and hands back what is to be stored.
 * Files stay here. A cancel waits for nobody: the line is closed, and the program ends with it.
 */
import { engineLost } from '../faults/engine-lost.ts';
import { FaultError, makeFault, type Fault } from '../faults/fault.ts';
import {
  messageBytes,
  type ComputeStart,
  type FromCompute,
  type ToCompute,
} from '../protocol/compute.ts';
import { pack, unpack, type Packed } from '../protocol/packed.ts';
import { RunCancelled } from './cancelled.ts';
import type { ComputeWish, OpenCompute } from './compute-host.ts';
import type { FileAccess } from './file-access.ts';
import { isFileJob, workOnFiles } from './file-job.ts';
import { WorkCancelled } from './file-request.ts';
import type { GpuMap, GpuStored } from './gpu-map.ts';
import type { Answer, Job } from './job.ts';
import type { RunOptions } from './options.ts';
import type { Pool } from './pool.ts';
import { noDeviceError } from './shares.ts';
import { WorkerFiles } from './worker-files.ts';

/** A way to the program that computes. */
export interface ComputeLine {
  send(message: ToCompute): void;
  /** Who hears what it says, and why the line was cut from the other side, in words. */
  listen(listener: {
    readonly hear: (message: FromCompute) => void;
    readonly cut: (why: string) => void;
  }): void;
  /** Ends the program. */
  close(): void;
}

export interface RemoteOptions extends Pick<RunOptions, 'backend' | 'allowSoftwareGpu'> {
  readonly line: () => ComputeLine;
  readonly files: FileAccess;
}

/** What comes back of a tensor that was to be mapped. */
export type MapAnswer =
  | { readonly kind: 'mapped'; readonly stored: GpuStored }
  | Extract<Answer, { readonly kind: 'fault' | 'cancelled' }>;

/** The panel computes. */
export function panelCompute(options: RemoteOptions): OpenCompute {
  return async (wish) => {
    const { backend } = options;
    const remote = new Remote(options.line(), wish, options.files);
    try {
      const cpu = backend === 'auto' || backend === 'gpu' ? 'wasm' : backend;
      const { sliceElements, operands } = wish;
      const { device, refused } = await remote.start({
        backend: cpu,
        gpu: gpuAsked(options),
        benches: wish.workers,
        sliceElements,
        operands,
      });
      if (backend === 'gpu' && device === undefined) throw noDeviceError(refused ?? 'none came');
      return {
        pool: remote,
        cpu,
        ...(device === undefined ? {} : { gpu: remote.gpu(device) }),
        place: 'panel',
        close: () => remote.close(),
      };
    } catch (error) {
      await remote.close();
      throw error;
    }
  };
}

function gpuAsked({ backend, allowSoftwareGpu }: RemoteOptions): ComputeStart['gpu'] {
  if (backend === 'gpu') return allowSoftwareGpu ? 'any' : 'real';
  return backend === 'auto' ? 'real' : 'never';
}

type Started = FromCompute & { kind: 'started' };
type End = Extract<Answer, { readonly kind: 'fault' | 'cancelled' }>;

class Remote implements Pool {
  readonly size: number;
  readonly #line: ComputeLine;
  readonly #wish: ComputeWish;
  readonly #files: WorkerFiles;
  readonly #written: ReadonlySet<string>;
  /** By the number of what was asked; the start's is 0. */
  readonly #waiting = new Map<number, (answer: Packed | Started | End) => void>();
  #last = 0;
  #end: End | undefined;

  constructor(line: ComputeLine, wish: ComputeWish, access: FileAccess) {
    this.size = wish.workers;
    this.#line = line;
    this.#wish = wish;
    this.#files = new WorkerFiles(wish, access);
    this.#written = new Set(wish.files.slice(wish.firstOutput));
    line.listen({
      hear: (message) => this.#hear(message),
      cut: (why) => this.#finish({ kind: 'fault', fault: lostFault(why) }),
    });
    if (wish.signal?.aborted === true) this.#cancel();
    wish.signal?.addEventListener('abort', this.#cancel);
  }

  async start(start: ComputeStart): Promise<Started> {
    const started = await this.#asked(0, { kind: 'start', start });
    if (!('kind' in started)) throw new Error('an answer came before the start');
    if (started.kind === 'cancelled') throw new RunCancelled();
    if (started.kind === 'fault') throw new FaultError(started.fault);
    return started;
  }

  one(job: Job): Promise<Answer> {
    if (isFileJob(job)) return Promise.resolve(workOnFiles(job, this.#files));
    return this.#ask<Answer>((id) => ({ kind: 'job', id, job: pack(job) }));
  }

  /** The program has one thread: what all would share, one of its benches does. */
  async all(job: Job): Promise<readonly Answer[]> {
    return [await this.one(job)];
  }

  gpu(device: string): GpuMap {
    return {
      device,
      store: async ({ item, dtype, to, groups, known, stretch }) => {
        const request = pack({ item, dtype, to, groups, known, stretch });
        const answer = await this.#ask<MapAnswer>((id) => ({ kind: 'store', id, request }));
        if (answer.kind === 'cancelled') throw new RunCancelled();
        if (answer.kind === 'fault') throw new FaultError(answer.fault);
        return answer.stored;
      },
      close: () => undefined,
    };
  }

  async close(): Promise<void> {
    this.#wish.signal?.removeEventListener('abort', this.#cancel);
    this.#finish({ kind: 'cancelled' });
    this.#files.close();
  }

  readonly #cancel = (): void => this.#finish({ kind: 'cancelled' });

  /** Whoever waits is told, and the program is gone. */
  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#line.close();
    for (const answer of [...this.#waiting.values()]) answer(end);
    this.#waiting.clear();
  }

  async #ask<T>(message: (id: number) => ToCompute): Promise<T | End> {
    const id = ++this.#last;
    const answer = await this.#asked(id, message(id));
    return 'kind' in answer ? (answer as End) : unpack<T>(answer);
  }

  #asked(id: number, message: ToCompute): Promise<Packed | Started | End> {
    if (this.#end !== undefined) return Promise.resolve(this.#end);
    return new Promise((answer) => {
      this.#waiting.set(id, answer);
      this.#line.send(message);
    });
  }

  #answer(id: number, answer: Packed | Started): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.(answer);
  }

  #hear(message: FromCompute): void {
    if (this.#end !== undefined) return;
    switch (message.kind) {
      case 'started':
        return this.#answer(0, message);
      case 'answer':
        return this.#answer(message.id, message.answer);
      case 'notice':
        return this.#wish.onNotice?.(message.notice);
      case 'read':
      case 'write':
        return this.#serve(message);
    }
  }

  /** Each is small, so that serving it at once holds nobody up. */
  #serve(message: FromCompute & { kind: 'read' | 'write' }): void {
    const { id } = message;
    try {
      this.#line.send(message.kind === 'read' ? this.#read(message) : this.#write(message));
    } catch (error) {
      if (error instanceof WorkCancelled) return this.#cancel();
      if (error instanceof FaultError)
        return this.#line.send({ kind: 'refused', id, fault: pack(error.fault) });
      // A program that asks for what it may not have has lost its way.
      const why = error instanceof Error ? error.message : String(error);
      this.#finish({ kind: 'fault', fault: lostFault(why) });
    }
  }

  #read({ id, file, position, length }: FromCompute & { kind: 'read' }): ToCompute {
    if (!(length <= messageBytes)) throw new Error(`a read of ${length} bytes is too long`);
    const bytes = new Uint8Array(length);
    this.#files.read(file, bytes, position);
    return { kind: 'bytes', id, bytes: bytes.buffer };
  }

  #write({ id, path, offset, at, bytes }: FromCompute & { kind: 'write' }): ToCompute {
    // An input is never opened for writing, whoever asks.
    if (!this.#written.has(path)) throw new Error(`${path} is no file of this run's outputs`);
    const pieces = this.#files.write({ path, offset }, at, new Uint8Array(bytes));
    return { kind: 'written', id, pieces: pack(pieces) };
  }
}

function lostFault(why: string): Fault {
  return makeFault(engineLost, {
    message: `The engine in the panel was lost: ${why}.`,
    help: 'Merge again: it goes on where it stopped. Then leave the panel open until the merge has ended.',
  });
}
