import type { PlannedOperand } from '../plan/plan.ts';
import { hashPiece, pieceBytes } from '../safetensors/weights-digest.ts';
import type { FileAccess } from './file-access.ts';
import type { Destination, PieceHash, WorkerStart } from './job.ts';

/** Thrown to the rim of a worker when the run was cancelled. */
export class WorkCancelled extends Error {}

/** The files of a run as one worker sees them: what it reads and writes is counted, what it writes is hashed. */
export class WorkerFiles {
  readonly #files: FileAccess;
  readonly #flags: Int32Array;
  readonly #progress: BigInt64Array;
  readonly #paths: string[];

  constructor({ control, files: paths }: WorkerStart, files: FileAccess) {
    this.#files = files;
    this.#flags = new Int32Array(control.flags);
    this.#progress = new BigInt64Array(control.progress);
    this.#paths = [...paths];
  }

  /** Names files from this index on. */
  name(first: number, paths: readonly string[]): void {
    paths.forEach((path, index) => (this.#paths[first + index] = path));
  }

  checkCancelled(): void {
    if (Atomics.load(this.#flags, 0) !== 0) throw new WorkCancelled();
  }

  read(operand: PlannedOperand, into: Uint8Array, position: number): void {
    this.#files.read(this.#paths[operand.file]!, into, position);
    Atomics.add(this.#progress, 0, BigInt(into.length));
  }

  /** Writes bytes from a place in their tensor, and hashes each piece while it is in cache. */
  write(to: Destination, at: number, bytes: Uint8Array, pieces: PieceHash[]): void {
    for (let piece = 0; piece < bytes.length; piece += pieceBytes) {
      // A buffer of the pool would be copied whole when it is sent.
      const hash = new Uint8Array(hashPiece(bytes.subarray(piece, piece + pieceBytes)));
      pieces.push({ piece: (at + piece) / pieceBytes, hash });
    }
    this.#files.write(to.path, bytes, to.offset + at);
    Atomics.add(this.#progress, 1, BigInt(bytes.length));
  }
}
