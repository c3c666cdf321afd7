import { createHash, hash } from 'node:crypto';
import type { DType } from '../../grammar/places/signature.ts';
import { byteOrder } from './byte-order.ts';
import { tensorBytes } from './dtype-size.ts';
import { pieceBytes, pieceCount } from './pieces.ts';

export interface HashedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** The raw 32 bytes of the SHA-256 of each piece, in order; an empty tensor has none. */
  readonly pieceHashes: readonly Uint8Array[];
}

/** The 32 bytes of one piece's SHA-256. The bytes may lie in shared memory. */
export function hashPiece(piece: Uint8Array): Buffer {
  return hash('sha256', piece, 'buffer');
}

/** The hashes of all pieces in these bytes, which begin on a piece's border of their tensor. */
export function hashPieces(bytes: Uint8Array): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    hashes.push(hashPiece(bytes.subarray(at, at + pieceBytes)));
  }
  return hashes;
}

/**
 * The weights digest, in hex: SHA-256 over each tensor in byte order of names, as the line `["name","BF16",[2,3]]`, a line
 * feed, and the raw hashes of its pieces. It is the same whatever the shards, slices and threads.
 */
export function weightsDigest(tensors: readonly HashedTensor[]): string {
  const digest = createHash('sha256');
  for (const tensor of [...tensors].sort((a, b) => byteOrder(a.name, b.name))) {
    const { name, dtype, shape, pieceHashes } = tensor;
    const byteLength = tensorBytes(dtype, shape);
    if (byteLength === undefined || pieceHashes.length !== pieceCount(byteLength)) {
      throw new Error(`${name} has ${pieceHashes.length} piece hashes for ${byteLength} bytes.`);
    }
    digest.update(`${JSON.stringify([name, dtype, shape])}\n`, 'utf8');
    for (const pieceHash of pieceHashes) digest.update(pieceHash);
  }
  return digest.digest('hex');
}
