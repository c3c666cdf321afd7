import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Hash } from 'node:crypto';
import { blobName } from './tree.ts';
import type { RepositoryFile } from './tree.ts';

/** A sum that is kept while bytes arrive, of the kind by which the hub names the file. */
export interface Checksum {
  add(bytes: Uint8Array): void;
  /** Whether what was added is the file. */
  matches(): boolean;
}

export function beginChecksum(file: RepositoryFile): Checksum {
  const hash = file.sha256 === undefined ? gitHash(file.size) : createHash('sha256');
  return {
    add: (bytes) => void hash.update(bytes),
    matches: () => hash.digest('hex') === blobName(file),
  };
}

/** Git puts the kind and the length before the content. */
function gitHash(size: number): Hash {
  return createHash('sha1').update(`blob ${size}\0`);
}

/** Adds the first bytes of a file that is there; how many there were. */
export async function addFile(
  checksum: Checksum,
  path: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  let length = 0;
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (signal?.aborted === true) break;
    checksum.add(part);
    length += part.length;
  }
  return length;
}
