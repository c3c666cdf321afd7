import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { emptyFile } from '../faults/empty-file.ts';
import { raise, settle, valueOf } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { headerTooLarge } from '../faults/header-too-large.ts';
import { lfsPointer } from '../faults/lfs-pointer.ts';
import { shownBytes, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { truncatedFile } from '../faults/truncated-file.ts';
import { openRegular, readExactly } from './open-regular.ts';
import { parseHeader } from './parse-header.ts';
import type { LocatedTensor } from './parse-header.ts';

/** The format's own cap. */
export const headerCap = 100_000_000;

/** What a safetensors file says of itself, read without a byte of its weights. */
export interface SafetensorsHeader {
  /** The file's length in bytes. */
  readonly size: number;
  /** When it was last written: nanoseconds since 1970, in decimal digits (a double cannot hold them). */
  readonly mtimeNs: string;
  /** SHA-256 of the header with its length before it, in hex. */
  readonly headerHash: string;
  /** Where the data begins. */
  readonly dataOffset: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** In byte order of their names, with offsets from the start of the file. */
  readonly tensors: readonly LocatedTensor[];
}

/**
 * Reads and proves the header of one file. Faults: MW4501 to MW4511, MW6005.
 * The file is treated as hostile: only regular files are opened, and nothing is allocated on the word of a length.
 */
export function readHeader(path: string): Promise<Result<SafetensorsHeader>> {
  return settle(() => reading(path, () => readFrom(path)));
}

async function readFrom(path: string): Promise<SafetensorsHeader> {
  const handle = await openRegular(path);
  try {
    const status = await handle.stat({ bigint: true });
    const size = Number(status.size);
    const length = await readLength(handle, path, size);
    const bytes = Buffer.allocUnsafe(8 + length);
    await readExactly(handle, bytes, { at: 0, path });
    const header = valueOf(
      parseHeader(bytes.subarray(8), { file: path, dataOffset: 8 + length, fileSize: size }),
    );
    return {
      size,
      mtimeNs: String(status.mtimeNs),
      headerHash: createHash('sha256').update(bytes).digest('hex'),
      dataOffset: 8 + length,
      metadata: header.metadata,
      tensors: header.tensors,
    };
  } finally {
    await handle.close();
  }
}

/** The header's length, once it is known to be possible. */
async function readLength(handle: FileHandle, path: string, size: number): Promise<number> {
  const name = shownPlain(path);
  if (size === 0) {
    raise(emptyFile, {
      file: path,
      message: `${name} is empty.`,
      help: 'Download or copy the file again.',
    });
  }
  const first = Buffer.allocUnsafe(Math.min(size, 64));
  await readExactly(handle, first, { at: 0, path });
  if (first.toString('latin1').startsWith('version https://git-lfs')) {
    raise(lfsPointer, {
      file: path,
      message: `${name} is a git-LFS pointer of ${size} bytes; the weights themselves were not fetched.`,
      help: "Run `git lfs pull` in the model's folder, or download the file itself.",
    });
  }
  if (size < 8) {
    raise(truncatedFile, {
      file: path,
      message: `${name} has ${size} bytes; a safetensors file has at least the 8 of its header's length.`,
      help: 'Download or copy the file again.',
    });
  }
  const length = first.readBigUInt64LE(0);
  if (length > headerCap) {
    raise(headerTooLarge, {
      file: path,
      message: `${name} claims a header of ${shownBytes(Number(length))}; the format allows 100 MB.`,
      help: 'The file is damaged or not in the safetensors format: download it again or save the model anew.',
    });
  }
  if (8n + length > BigInt(size)) {
    raise(truncatedFile, {
      file: path,
      message: `${name} ends inside its own header: ${8n + length} bytes are promised, the file has ${size}.`,
      help: 'Download or copy the file again; the last try was cut off.',
    });
  }
  return Number(length);
}
