import type { FileHandle } from 'node:fs/promises';
import { settle } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { reading } from '../faults/system-fault.ts';
import { openRegular, readExactly } from '../safetensors/open-regular.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import { hashPiece, weightsDigest } from '../safetensors/weights-digest.ts';
import type { HashedTensor } from '../safetensors/weights-digest.ts';
import type { Checkpoint, CheckpointTensor } from './checkpoint.ts';

/**
 * Reads all weights of a checkpoint, a piece at a time, and gives their digest: the same figure that a run reports of the
 * output it wrote. Faults: MW4501, MW4506, MW6005.
 */
export function readWeightsDigest(checkpoint: Checkpoint): Promise<Result<string>> {
  return settle(async () => {
    const hashed: HashedTensor[] = [];
    for (const [i, { path }] of checkpoint.files.entries()) {
      await reading(path, async () => {
        const handle = await openRegular(path);
        try {
          for (const [name, tensor] of checkpoint.tensors) {
            if (tensor.file !== i) continue;
            const { dtype, shape } = tensor;
            hashed.push({
              name,
              dtype,
              shape,
              pieceHashes: await hashTensor(handle, path, tensor),
            });
          }
        } finally {
          await handle.close();
        }
      });
    }
    return weightsDigest(hashed);
  });
}

async function hashTensor(
  handle: FileHandle,
  path: string,
  { offset, byteLength }: CheckpointTensor,
): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, byteLength));
  for (let at = 0; at < byteLength; at += pieceBytes) {
    const piece = buffer.subarray(0, Math.min(pieceBytes, byteLength - at));
    await readExactly(handle, piece, { at: offset + at, path });
    hashes.push(hashPiece(piece));
  }
  return hashes;
}
