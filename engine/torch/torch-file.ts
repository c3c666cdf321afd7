import type { FileHandle } from 'node:fs/promises';
import { raise } from '../faults/fault.ts';
import { foreignPickle } from '../faults/foreign-pickle.ts';
import { malformedTorchFile } from '../faults/malformed-torch-file.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { truncatedFile } from '../faults/truncated-file.ts';
import type { PickleFlaw } from '../pickle/flaw.ts';
import { readExactly } from '../safetensors/open-regular.ts';
import type { StateDict } from './state-dict.ts';
import type { Storage } from './storage.ts';

/** A file that is being read. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly size: number;
}

/** What both kinds of PyTorch files come to. */
export interface TorchContents {
  readonly state: StateDict;
  /** Where each storage begins that the state dict uses, in bytes from the start of the file, by its key. */
  readonly storagesAt: ReadonlyMap<string, number>;
  /** What says which tensors there are and where: hashed, it identifies the file. */
  readonly header: readonly Uint8Array[];
}

/** Longer pickles are not read; those of 50 000 tensors take 8 MB. */
export const mostPickleBytes = 16_000_000;

const again = 'Download or copy the file again, or save the model anew as safetensors.';

/** Bytes of the file that are known to be in it. */
export async function bytesAt(file: OpenFile, at: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length);
  await readExactly(file.handle, bytes, { at, path: file.path });
  return bytes;
}

/** Reads that are under way at once: enough to hide the disk's latency. */
const readsAtOnce = 32;

/** The same for many places; the answers stand in the order of the places. */
export async function bytesAtEach(
  file: OpenFile,
  places: readonly number[],
  length: number,
): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  for (let first = 0; first < places.length; first += readsAtOnce) {
    const batch = places.slice(first, first + readsAtOnce);
    for (const bytes of await Promise.all(batch.map((at) => bytesAt(file, at, length)))) {
      read.push(bytes);
    }
  }
  return read;
}

/** Throws MW4591: the sentence begins with the file's name. */
export function raiseMalformed({ path }: OpenFile, what: string, help = again): never {
  return raise(malformedTorchFile, {
    file: path,
    message: `${shownPlain(path)} ${what}.`,
    help,
  });
}

/** Throws MW4591 where two descriptions of one storage disagree. */
export function storagesByKey(file: OpenFile, storages: readonly Storage[]): Map<string, Storage> {
  const byKey = new Map<string, Storage>();
  for (const storage of storages) {
    const known = byKey.get(storage.key) ?? storage;
    if (known.elements !== storage.elements || known.byteLength !== storage.byteLength) {
      return raiseMalformed(file, `describes its storage ${shown(storage.key)} in two ways`);
    }
    byKey.set(storage.key, known);
  }
  return byKey;
}

/** Throws MW4506 for a file that lacks its last bytes. */
export function raiseCutOff({ path }: OpenFile, what: string): never {
  return raise(truncatedFile, {
    file: path,
    message: `${shownPlain(path)} ends too early: ${what}.`,
    help: 'Download or copy the file again; the last try was cut off.',
  });
}

/** Throws MW4590 for a pickle that asks for more than tensors, MW4591 for one that is damaged or too large. */
export function raiseFlaw(file: OpenFile, { kind, at, what }: PickleFlaw, pickleAt: number): never {
  const where = `${shownPlain(what)} at byte ${pickleAt + at}`;
  switch (kind) {
    case 'foreign':
      return raise(foreignPickle, {
        file: file.path,
        message: `${shownPlain(file.path)} ${where}, which no model's weights need; nothing of it was run.`,
        help: 'If you trust where it came from, load it there and save the state dict alone, best as safetensors; else do not open it.',
      });
    case 'too-large':
      return raiseMalformed(
        file,
        where,
        'Save the model anew as safetensors, or in several files.',
      );
    case 'ends':
    case 'malformed':
      return raiseMalformed(file, where);
    default:
      return kind satisfies never;
  }
}
