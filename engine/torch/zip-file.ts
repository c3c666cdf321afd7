import { raise } from '../faults/fault.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { unreadTorchFile } from '../faults/unread-torch-file.ts';
import { readPickle } from '../pickle/read-pickle.ts';
import { readStateDict } from './state-dict.ts';
import type { Storage } from './storage.ts';
import {
  bytesAt,
  bytesAtEach,
  mostPickleBytes,
  raiseCutOff,
  raiseFlaw,
  raiseMalformed,
  storagesByKey,
} from './torch-file.ts';
import type { OpenFile, TorchContents } from './torch-file.ts';
import { torchVocabulary } from './vocabulary.ts';
import {
  contentAt,
  findDirectory,
  localHeaderBytes,
  longestTail,
  readDirectory,
} from './zip-directory.ts';
import type { ZipEntry } from './zip-directory.ts';

interface Archive {
  readonly file: OpenFile;
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** What all names begin with: `archive/`. */
  readonly prefix: string;
}

/**
 * Reads a zip archive as PyTorch writes it: `<name>/data.pkl`, `<name>/data/<key>` for each storage, `<name>/byteorder`.
 * Entries are used where they lie; none is unpacked, and no name of one becomes a path.
 */
export async function readZipFile(file: OpenFile): Promise<TorchContents> {
  const directory = await readDirectoryOf(file);
  const archive = { file, entries: directory.entries, prefix: prefixOf(file, directory.entries) };
  await proveByteOrder(archive);
  const pickle = await readStored(archive, 'data.pkl', mostPickleBytes);
  const reading = readPickle(pickle.bytes, torchVocabulary);
  if (!reading.ok) return raiseFlaw(file, reading.flaw, pickle.at);
  if (reading.end !== pickle.bytes.length) {
    return raiseMalformed(file, 'has bytes behind the end of its data.pkl');
  }
  const state = readStateDict(reading.value, file.path);
  return {
    state,
    storagesAt: await locateStorages(
      archive,
      storagesByKey(
        file,
        state.tensors.map(({ storage }) => storage),
      ),
    ),
    header: [pickle.bytes, directory.bytes],
  };
}

async function readDirectoryOf(file: OpenFile): Promise<{
  readonly bytes: Uint8Array;
  readonly entries: ReadonlyMap<string, ZipEntry>;
}> {
  const tailLength = Math.min(file.size, longestTail);
  const tail = await bytesAt(file, file.size - tailLength, tailLength);
  const place = findDirectory(tail, file.size);
  if (place === undefined) return raiseCutOff(file, 'a zip archive ends with its directory');
  if ('flaw' in place) return raiseMalformed(file, place.flaw);
  const bytes = await bytesAt(file, place.at, place.byteLength);
  const entries = readDirectory(bytes, place);
  if ('flaw' in entries) return raiseMalformed(file, entries.flaw);
  return { bytes, entries };
}

/** Names that would lead elsewhere if somebody unpacked them: no writer of models makes such. */
const climbs = /^[\\/]|\\|(^|\/)\.\.(\/|$)/;

/** Throws MW4591 and MW4592 for a zip archive that is something else than saved tensors. */
function prefixOf(file: OpenFile, entries: ReadonlyMap<string, ZipEntry>): string {
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (pickle === undefined || pickles.length > 1) {
    return raiseMalformed(
      file,
      `is a zip archive ${pickle === undefined ? 'without a' : 'with more than one'} data.pkl, so PyTorch did not save it`,
    );
  }
  const leaving = [...entries.keys()].find((name) => climbs.test(name));
  if (leaving !== undefined) {
    return raiseMalformed(file, `has an entry ${shown(leaving)} that leads out of the archive`);
  }
  const prefix = pickle.slice(0, -'data.pkl'.length);
  if (entries.has(`${prefix}constants.pkl`)) {
    return raiseUnread(file, 'is a TorchScript program');
  }
  return prefix;
}

async function proveByteOrder(archive: Archive): Promise<void> {
  if (!archive.entries.has(`${archive.prefix}byteorder`)) return;
  const { bytes } = await readStored(archive, 'byteorder', 16);
  const order = Buffer.from(bytes).toString('latin1');
  if (order !== 'little') raiseUnread(archive.file, `has its bytes in the order ${shown(order)}`);
}

/** The bytes of a small entry, and where they begin. */
async function readStored(
  archive: Archive,
  name: string,
  most: number,
): Promise<{ readonly at: number; readonly bytes: Uint8Array }> {
  const { file } = archive;
  const entry = findStored(archive, name);
  if (entry.size > most) {
    return raiseMalformed(file, `has a ${name} of more than ${most} bytes`);
  }
  const at = startOf(file, entry, await bytesAt(file, entry.headerAt, localHeaderBytes));
  return { at, bytes: await bytesAt(file, at, entry.size) };
}

/** Throws MW4591 and MW4592 for an entry that is missing, compressed or encrypted. */
function findStored({ file, entries, prefix }: Archive, name: string): ZipEntry {
  const entry = entries.get(`${prefix}${name}`);
  if (entry === undefined) return raiseMalformed(file, `lacks its entry ${shown(name)}`);
  if (entry.isEncrypted) return raiseUnread(file, `is encrypted (${shown(name)})`);
  if (entry.method !== 0) return raiseUnread(file, `is compressed (${shown(name)})`);
  return entry;
}

function startOf(file: OpenFile, entry: ZipEntry, header: Uint8Array): number {
  const at = contentAt(header, entry);
  return typeof at === 'number' ? at : raiseMalformed(file, at.flaw);
}

async function locateStorages(
  archive: Archive,
  storages: ReadonlyMap<string, Storage>,
): Promise<Map<string, number>> {
  const { file } = archive;
  const found = [...storages.values()].map(({ key, byteLength }) => {
    const entry = findStored(archive, `data/${key}`);
    if (entry.size === byteLength) return { key, entry };
    return raiseMalformed(
      file,
      `has ${entry.size} bytes in its storage ${shown(key)}, which is said to have ${byteLength}`,
    );
  });
  const headers = await bytesAtEach(
    file,
    found.map(({ entry }) => entry.headerAt),
    localHeaderBytes,
  );
  return new Map(found.map(({ key, entry }, i) => [key, startOf(file, entry, headers[i]!)]));
}

function raiseUnread({ path }: OpenFile, what: string): never {
  return raise(unreadTorchFile, {
    file: path,
    message: `${shownPlain(path)} ${what}, which is not read.`,
    help: 'Load it with PyTorch and save its state dict again, best as safetensors.',
  });
}
