import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { raise } from '../faults/fault.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { shownPlain } from '../faults/shown.ts';
import { truncatedFile } from '../faults/truncated-file.ts';

/**
 * Opens a regular file for reading. Pipes and devices are refused before they are opened, because opening them could
 * block or have effects; one that takes the file's place in between is opened without waiting and then refused.
 * Throws MW4503, and errors of the system as they come.
 */
export async function openRegular(path: string): Promise<FileHandle> {
  requireRegular(path, await stat(path));
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    requireRegular(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function requireRegular(path: string, status: { isFile(): boolean; isDirectory(): boolean }): void {
  if (status.isFile()) return;
  const what = status.isDirectory() ? 'is a folder' : 'is no regular file';
  raise(notARegularFile, {
    file: path,
    message: `${shownPlain(path)} ${what}, so it cannot be read.`,
    help: 'Name a regular file or a model folder.',
  });
}

export interface FileRange {
  /** Bytes from the start of the file. */
  readonly at: number;
  readonly path: string;
}

/** Fills the bytes from a place in the file. Throws MW4506 where the file ends before. */
export async function readExactly(
  handle: FileHandle,
  into: Uint8Array,
  { at, path }: FileRange,
): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) {
      raise(truncatedFile, {
        file: path,
        message: `${shownPlain(path)} became shorter while it was being read.`,
        help: 'Wait until the program that writes it has finished, then try again.',
      });
    }
    done += bytesRead;
  }
}
