/** SHA-256 of whole files by the engine's workers: one file a thread, a piece at a time. */
import { setTimeout as wait } from 'node:timers/promises';
import { FaultError, settle, type Result } from '../faults/fault.ts';
import { blockElements } from '../formula/node.ts';
import { RunCancelled } from '../run/cancelled.ts';
import { nodeFiles } from '../run/file-access.ts';
import { inlinePool } from '../run/inline-pool.ts';
import type { WorkerStart } from '../run/job.ts';
import type { Pool } from '../run/pool.ts';
import { threadPool } from '../run/thread-pool.ts';

export interface HashedFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
}

export interface HashingProgress {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface HashOptions {
  readonly threads: number;
  readonly onProgress?: (progress: HashingProgress) => void;
  readonly signal?: AbortSignal;
}

/** So few bytes are hashed before a thread has started. */
const fewBytes = 16_000_000;
const tellEveryMs = 200;

/** By path; undefined: cancelled. Faults: those of reading. */
export function hashFiles(
  files: readonly HashedFile[],
  options: HashOptions,
): Promise<Result<ReadonlyMap<string, string> | undefined>> {
  return settle(async () => {
    const { threads, signal } = options;
    const bySize = [...new Map(files.map((file) => [file.path, file])).values()].sort(
      // The largest first: the last to end is then a small one.
      (a, b) => b.size - a.size,
    );
    const bytes = bySize.reduce((sum, { size }) => sum + size, 0);
    const control = { flags: new SharedArrayBuffer(4), progress: new SharedArrayBuffer(16) };
    const cancelling = Promise.withResolvers<undefined>();
    const cancel = (): void => {
      Atomics.store(new Int32Array(control.flags), 0, 1);
      // A thread that has not even started is not waited for.
      cancelling.resolve(undefined);
    };
    const start: WorkerStart = {
      backend: 'none',
      files: bySize.map(({ path }) => path),
      sliceElements: blockElements,
      control,
    };
    const pool =
      bytes <= fewBytes
        ? inlinePool(start, nodeFiles())
        : threadPool(Math.max(1, Math.min(threads, bySize.length)), start);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    const told = new AbortController();
    const telling = tell(control.progress, bytes, options, told.signal);
    try {
      return await Promise.race([hashAll(pool, bySize), cancelling.promise]);
    } catch (error) {
      if (error instanceof RunCancelled) return undefined;
      throw error;
    } finally {
      told.abort();
      await telling;
      signal?.removeEventListener('abort', cancel);
      await pool.close();
    }
  });
}

async function hashAll(
  pool: Pool,
  files: readonly HashedFile[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = await Promise.all(
    files.map(async ({ path, size }, file): Promise<readonly [string, string]> => {
      const answer = await pool.one({ kind: 'digest', file, byteLength: size });
      switch (answer.kind) {
        case 'digested':
          return [path, answer.sha256];
        case 'cancelled':
          throw new RunCancelled();
        case 'fault':
          throw new FaultError(answer.fault);
        default:
          throw new Error(`a worker answered ${answer.kind}`);
      }
    }),
  );
  return new Map(hashes);
}

async function tell(
  progress: SharedArrayBuffer,
  bytes: number,
  { onProgress }: HashOptions,
  signal: AbortSignal,
): Promise<void> {
  if (onProgress === undefined) return;
  const counters = new BigInt64Array(progress);
  const began = performance.now();
  while (!signal.aborted) {
    const bytesRead = Number(Atomics.load(counters, 0));
    onProgress({ bytesRead, bytes, seconds: (performance.now() - began) / 1000 });
    await wait(tellEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
