import { createHash } from 'node:crypto';
import { hashPiece } from '../safetensors/weights-digest.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import type { FileAccess } from './file-access.ts';
import { WorkCancelled, type FilesAtOnce } from './file-request.ts';
import type { Destination, PieceHash, WorkerStart } from './job.ts';

/** The files of a run, by number: what is read and written is counted, what is written is hashed. */
export class WorkerFiles implements FilesAtOnce {
  readonly #files: FileAccess;
  readonly #flags: Int32Array;
  readonly #progress: BigInt64Array;
  readonly #paths: string[];

  constructor(
    { control, files: paths }: Pick<WorkerStart, 'control' | 'files'>,
    files: FileAccess,
  ) {
    this.#files = files;
    this.#flags = new Int32Array(control.flags);
    this.#progress = new BigInt64Array(control.progress);
    this.#paths = [...paths];
  }

  /** Names files from this number on. */
  name(first: number, paths: readonly string[]): void {
    paths.forEach((path, index) => (this.#paths[first + index] = path));
  }

  checkCancelled(): void {
    if (Atomics.load(this.#flags, 0) !== 0) throw new WorkCancelled();
  }

  read(file: number, into: Uint8Array, position: number): void {
    this.checkCancelled();
    this.#files.read(this.#paths[file]!, into, position);
    Atomics.add(this.#progress, 0, BigInt(into.length));
  }

  /** Each piece is hashed while it is in cache. */
  write(to: Destination, at: number, bytes: Uint8Array): readonly PieceHash[] {
    const pieces: PieceHash[] = [];
    for (let piece = 0; piece < bytes.length; piece += pieceBytes) {
      // A buffer of the pool would be copied whole when it is sent.
      const hash = new Uint8Array(hashPiece(bytes.subarray(piece, piece + pieceBytes)));
      pieces.push({ piece: (at + piece) / pieceBytes, hash });
    }
    this.#files.write(to.path, bytes, to.offset + at);
    Atomics.add(this.#progress, 1, BigInt(bytes.length));
    return pieces;
  }

  /** Whether the bytes at a place give these hashes; what is there counts as written. */
  verify(at: Destination, byteLength: number, hashes: readonly Uint8Array[]): boolean {
    const buffer = new Uint8Array(Math.min(byteLength, pieceBytes));
    for (const [piece, hash] of hashes.entries()) {
      this.checkCancelled();
      const first = piece * pieceBytes;
      const bytes = buffer.subarray(0, Math.min(pieceBytes, byteLength - first));
      this.#files.read(at.path, bytes, at.offset + first);
      if (!hashPiece(bytes).equals(hash)) return false;
    }
    Atomics.add(this.#progress, 1, BigInt(byteLength));
    return true;
  }

  /** SHA-256 in hex of a whole file. */
  digest(file: number, byteLength: number): string {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(Math.min(byteLength, pieceBytes));
    for (let at = 0; at < byteLength; at += pieceBytes) {
      const bytes = buffer.subarray(0, Math.min(pieceBytes, byteLength - at));
      this.read(file, bytes, at);
      hash.update(bytes);
    }
    return hash.digest('hex');
  }

  close(): void {
    this.#files.close();
  }
}
