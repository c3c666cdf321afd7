import { raise } from '../faults/fault.ts';
import { shown, shownBytes, shownPlain } from '../faults/shown.ts';
import { unreadTorchFile } from '../faults/unread-torch-file.ts';
import { isKind } from '../pickle/kinds.ts';
import { readPickle } from '../pickle/read-pickle.ts';
import type { PickleReading } from '../pickle/read-pickle.ts';
import type { PicklePersistent, PickleValue } from '../pickle/value.ts';
import { readStateDict } from './state-dict.ts';
import { readStorage } from './storage.ts';
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

/** The number that PyTorch writes first. */
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/** How much is read first; twice as much each time that a pickle goes on behind it. */
const firstWindow = 1 << 18;

interface Pickles {
  readonly bytes: Uint8Array;
  readonly state: PickleValue;
  readonly outside: readonly PicklePersistent[];
  readonly keys: PickleValue;
}

/**
 * Reads the format of PyTorch before 1.6: pickles of a magic number, a version, the writing machine, the value and the
 * storages' keys; then for each key eight bytes with the count of elements, and the elements.
 */
export async function readLegacyFile(file: OpenFile): Promise<TorchContents> {
  const { bytes, state, outside, keys } = await readPickles(file);
  const dict = readStateDict(state, file.path);
  const storages = storagesOf(file, outside);
  const storagesAt = await walkStorages(file, orderOf(file, keys, storages), bytes.length);
  return { state: dict, storagesAt, header: [bytes] };
}

/** Reads the five pickles, from a window that grows until they are in it. */
async function readPickles(file: OpenFile): Promise<Pickles> {
  for (let length = firstWindow; ; length *= 2) {
    const window = Math.min(length, file.size, mostPickleBytes);
    const bytes = await bytesAt(file, 0, window);
    const pickles = scanPickles(file, bytes);
    if (pickles !== undefined) return pickles;
    if (window === file.size) return raiseCutOff(file, 'it breaks off in its pickles');
    if (window === mostPickleBytes) {
      return raiseMalformed(
        file,
        `has pickles of more than ${mostPickleBytes / 1e6} MB`,
        'Save the model anew as safetensors, or in several files.',
      );
    }
  }
}

/** Undefined where the pickles go on behind the bytes. */
function scanPickles(file: OpenFile, bytes: Uint8Array): Pickles | undefined {
  let at = 0;
  const next = (): (PickleReading & { readonly ok: true }) | undefined => {
    const reading = readPickle(bytes, torchVocabulary, at);
    if (reading.ok) {
      at = reading.end;
      return reading;
    }
    if (reading.flaw.kind === 'ends') return undefined;
    return raiseFlaw(file, reading.flaw, 0);
  };
  const first = next();
  if (first === undefined) return undefined;
  if (first.value !== magic) {
    return raiseMalformed(file, 'is a pickle, but none that PyTorch saved');
  }
  const version = next();
  const machine = next();
  if (version === undefined || machine === undefined) return undefined;
  if (version.value !== protocol) return raiseMalformed(file, 'has a version that is not known');
  if (itemOf(machine.value, 'little_endian') !== true) {
    return raise(unreadTorchFile, {
      file: file.path,
      message: `${shownPlain(file.path)} was written with the highest byte first, which is not read.`,
      help: 'Load it with PyTorch and save its state dict again, best as safetensors.',
    });
  }
  const state = next();
  const keys = state === undefined ? undefined : next();
  if (state === undefined || keys === undefined) return undefined;
  return {
    bytes: bytes.subarray(0, at),
    state: state.value,
    outside: state.outside,
    keys: keys.value,
  };
}

function itemOf(dict: PickleValue, key: string): PickleValue | undefined {
  return isKind(dict, 'dict') ? dict.values[dict.keys.indexOf(key)] : undefined;
}

/** All storages, those of tensors that are passed over among them: their bytes lie between the others'. */
function storagesOf(file: OpenFile, outside: readonly PicklePersistent[]): Map<string, Storage> {
  const storages = outside.map(
    (one) =>
      readStorage(one) ??
      raiseMalformed(file, 'asks for something outside its pickle that is no storage'),
  );
  return storagesByKey(file, storages);
}

/** The storages in the order of their bytes: each of them once. */
function orderOf(
  file: OpenFile,
  keys: PickleValue,
  storages: ReadonlyMap<string, Storage>,
): Storage[] {
  const listed = isKind(keys, 'list') ? keys.items : [];
  const order = listed.flatMap((key) => {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    return storage === undefined ? [] : [storage];
  });
  const isWhole = order.length === listed.length && new Set(order).size === storages.size;
  if (isWhole && order.length === storages.size) return order;
  return raiseMalformed(file, 'lists other storages than its tensors have');
}

/** Where each storage begins. The counts in the file must be those of the pickle, and nothing may lie behind the last. */
async function walkStorages(
  file: OpenFile,
  storages: readonly Storage[],
  start: number,
): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  let at = start;
  for (const { key, byteLength } of storages) {
    at += 8;
    places.set(key, at);
    at += byteLength;
  }
  if (at > file.size)
    return raiseCutOff(
      file,
      `its tensors take ${shownBytes(at)}, the file has ${shownBytes(file.size)}`,
    );
  if (at < file.size) return raiseMalformed(file, `has ${file.size - at} bytes behind its tensors`);
  const counts = await bytesAtEach(
    file,
    storages.map(({ key }) => places.get(key)! - 8),
    8,
  );
  for (const [i, { key, elements, byteLength }] of storages.entries()) {
    const counted = Buffer.from(counts[i]!).readBigUInt64LE();
    if (counted === BigInt(byteLength / elements.bytes)) continue;
    raiseMalformed(file, `counts other elements in its storage ${shown(key)} than it has`);
  }
  return places;
}
