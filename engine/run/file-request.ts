/**
 * What work asks of files. Work is written as a generator of requests, so that one text of it runs in a thread that reads and
 * writes at once, and in a page whose bytes come and go as messages.
 */
import { FaultError } from '../faults/fault.ts';
import type { Answer, Destination, PieceHash } from './job.ts';

export type FileRequest =
  /** Fills all of these. */
  | { readonly kind: 'read'; readonly reads: readonly FileRead[] }
  /** Bytes from a place in their tensor on, which is a piece's border; the reply are the pieces' hashes. */
  | {
      readonly kind: 'write';
      readonly to: Destination;
      readonly at: number;
      readonly bytes: Uint8Array;
    }
  /** Between two passes over what was read: a cancelled run ends here. */
  | { readonly kind: 'pause' };

export interface FileRead {
  /** The file's number in the run. */
  readonly file: number;
  readonly into: Uint8Array;
  readonly position: number;
}

type Reply = readonly PieceHash[];

export type Steps<T> = Generator<FileRequest, T, Reply>;

/** Thrown to the rim of a worker when the run was cancelled. */
export class WorkCancelled extends Error {}

/** The files of a run, for whoever can wait. Errors are thrown faults. */
export interface SliceFiles {
  read(file: number, into: Uint8Array, position: number): void | Promise<void>;
  /** The bytes are taken before it returns, whenever the hashes come. */
  write(to: Destination, at: number, bytes: Uint8Array): Reply | Promise<Reply>;
}

/** The same, at once. */
export interface FilesAtOnce extends SliceFiles {
  read(file: number, into: Uint8Array, position: number): void;
  write(to: Destination, at: number, bytes: Uint8Array): Reply;
  checkCancelled(): void;
}

/** Runs work to its end without waiting. Never throws for what a user can cause. */
export function workAtOnce(steps: Steps<Answer>, files: FilesAtOnce): Answer {
  try {
    let step = steps.next([]);
    while (!step.done) step = steps.next(replyAtOnce(step.value, files));
    return step.value;
  } catch (error) {
    return answerOf(error);
  }
}

function replyAtOnce(request: FileRequest, files: FilesAtOnce): Reply {
  switch (request.kind) {
    case 'read':
      for (const { file, into, position } of request.reads) files.read(file, into, position);
      return [];
    case 'write':
      return files.write(request.to, request.at, request.bytes);
    case 'pause':
      files.checkCancelled();
      return [];
  }
}

/** Runs work to its end, waiting for its bytes. Never throws for what a user can cause. */
export async function workWaiting(steps: Steps<Answer>, files: SliceFiles): Promise<Answer> {
  try {
    return await waited(steps, files);
  } catch (error) {
    return answerOf(error);
  }
}

/** The same for steps that are part of other work: faults are thrown. */
export async function waited<T>(steps: Steps<T>, files: SliceFiles): Promise<T> {
  let step = steps.next([]);
  while (!step.done) step = steps.next(await replyWaiting(step.value, files));
  return step.value;
}

async function replyWaiting(request: FileRequest, files: SliceFiles): Promise<Reply> {
  switch (request.kind) {
    case 'read':
      // All are asked for before the first has come.
      await Promise.all(
        request.reads.map(({ file, into, position }) => files.read(file, into, position)),
      );
      return [];
    case 'write':
      return files.write(request.to, request.at, request.bytes);
    case 'pause':
      return [];
  }
}

/** A fault or a cancel as an answer; every other exception is a bug and passes through. */
export function answerOf(error: unknown): Answer {
  if (error instanceof WorkCancelled) return { kind: 'cancelled' };
  if (error instanceof FaultError) return { kind: 'fault', fault: error.fault };
  throw error;
}
