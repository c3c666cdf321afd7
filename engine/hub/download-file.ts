/** One file from the hub onto the disk: what an earlier try left is gone on with, and nothing is taken that differs. */
import { lstat, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { raise } from '../faults/fault.ts';
import { downloadDiffers } from '../faults/download-differs.ts';
import { hubUnreachable } from '../faults/hub-unreachable.ts';
import { shown, shownBytes } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { RunCancelled } from '../run/cancelled.ts';
import { askHub } from './ask-hub.ts';
import { addFile, beginChecksum } from './checksum.ts';
import type { Checksum } from './checksum.ts';
import { BrokenOff, hubName } from './hub-line.ts';
import type { HubAnswer, HubLine } from './hub-line.ts';
import type { HubReference } from './repository.ts';
import type { RepositoryFile } from './tree.ts';

export interface Download {
  readonly line: HubLine;
  readonly reference: HubReference;
  readonly commit: string;
  readonly file: RepositoryFile;
  /** Where the bytes go; nothing of the file stands here before it is whole. */
  readonly blob: string;
  /** Bytes that are there now, of this file. It falls where a server begins anew. */
  readonly onBytes?: (bytes: number) => void;
}

/** Where a file's bytes stand until it is whole. */
export function incompletePath(blob: string): string {
  return `${blob}.incomplete`;
}

/** Bytes of an earlier try that can be gone on with. */
export async function bytesThere(blob: string, { size }: RepositoryFile): Promise<number> {
  try {
    const status = await lstat(incompletePath(blob));
    return status.isFile() && status.size <= size ? status.size : 0;
  } catch {
    return 0;
  }
}

/**
 * Brings a file whole to its place. Throws MW6304 for bytes that differ, which are deleted, MW6301 where the line breaks again
 * and again, the faults of an answer, MW6001 to MW6004, and `RunCancelled`; after all but the first the next try goes on.
 */
export async function downloadFile(download: Download): Promise<void> {
  const { line, file, blob, onBytes } = download;
  const path = incompletePath(blob);
  const partial = await openPartial(download);
  try {
    onBytes?.(partial.length);
    let [fruitless, furthest] = [0, partial.length];
    while (partial.length < file.size) {
      await receive(download, partial);
      if (partial.length >= file.size) break;
      fruitless = partial.length > furthest ? 0 : fruitless + 1;
      furthest = Math.max(furthest, partial.length);
      if (fruitless > line.pauses.length) {
        raise(hubUnreachable, {
          message: `${hubName(line)} breaks off again and again at ${shown(file.path)}.`,
          help: 'Look at the network, and fetch again: it goes on from what has arrived.',
        });
      }
    }
    await writing(path, () => partial.handle.datasync());
  } finally {
    await partial.handle.close();
  }
  if (partial.length !== file.size || !partial.checksum.matches()) {
    await writing(path, () => rm(path, { force: true }));
    raise(downloadDiffers, {
      file: path,
      message: `What arrived as ${shown(file.path)} of ${shown(download.reference.id)} is not what the hub names: ${partial.length === file.size ? 'its checksum differs' : `it has more than ${shownBytes(file.size)}`}.`,
      help: 'It was deleted. Fetch again; if it differs again, look at what stands between here and the hub.',
    });
  }
  await writing(blob, () => rename(path, blob));
}

/** What stands on the disk, and the sum over it. */
interface Partial {
  readonly handle: FileHandle;
  length: number;
  checksum: Checksum;
}

async function openPartial({ line, file, blob }: Download): Promise<Partial> {
  const path = incompletePath(blob);
  const there = await bytesThere(blob, file);
  // Something else than a file of ours in this place is replaced, a link above all: it could lead anywhere.
  if (there === 0) await writing(path, () => rm(path, { force: true, recursive: true }));
  const handle = await writing(path, () => openForAppending(path));
  const partial = { handle, length: 0, checksum: beginChecksum(file) };
  try {
    partial.length = await writing(path, () => addFile(partial.checksum, path, line.signal));
    if (line.signal?.aborted === true) throw new RunCancelled();
    return partial;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openForAppending(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return open(path, 'wx+');
  }
}

/** Asks for what is missing and writes what comes, until it ends or breaks off. */
async function receive(download: Download, partial: Partial): Promise<void> {
  const { line, reference, commit, file } = download;
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const answer = await askHub(line, {
    url: `${line.endpoint}/${reference.id}/resolve/${commit}/${path}`,
    about: reference,
    file: file.path,
    ...(partial.length === 0 ? {} : { headers: { range: `bytes=${partial.length}-` } }),
    // The range lies outside: the server's file is shorter than the list says.
    accepts: [416],
  });
  const begins = beginningOf(answer, file);
  if (begins !== partial.length) await startAnew(download, partial);
  if (begins !== partial.length) return answer.drop();
  try {
    for await (const part of answer.parts()) await keep(download, partial, part);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
  }
}

/** Where in the file the body begins, as servers may ignore ranges; undefined where it is of no use. */
function beginningOf({ status, headers }: HubAnswer, { size }: RepositoryFile): number | undefined {
  if (status === 416) return undefined;
  if (status !== 206) return 0;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (range === null || (range[2] !== '*' && Number(range[2]) !== size)) return undefined;
  return Number(range[1]);
}

async function startAnew({ file, blob, onBytes }: Download, partial: Partial): Promise<void> {
  await writing(incompletePath(blob), () => partial.handle.truncate(0));
  partial.length = 0;
  partial.checksum = beginChecksum(file);
  onBytes?.(0);
}

async function keep(
  { file, blob, onBytes, line }: Download,
  partial: Partial,
  part: Uint8Array,
): Promise<void> {
  if (line.signal?.aborted === true) throw new RunCancelled();
  await writing(incompletePath(blob), async () => {
    let done = 0;
    while (done < part.length) {
      const { bytesWritten } = await partial.handle.write(
        part,
        done,
        part.length - done,
        partial.length + done,
      );
      done += bytesWritten;
    }
  });
  partial.checksum.add(part);
  partial.length += part.length;
  onBytes?.(partial.length);
  // A body that goes on after its end will not match: no need to fill the disk with it.
  if (partial.length > file.size) throw new BrokenOff();
}
