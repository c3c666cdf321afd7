/**
 * `node test/fuzz/pickles.ts [--count 100000] [--seed N] [--seconds S]`: pickles and PyTorch files that are random, made by a
 * grammar and twisted, damaged, cut off at every byte, and as large as is read. Whatever is read names nothing but tensors,
 * each of them inside the file and as long as its shape says; whatever is not is a fault, and nothing is read outside the file.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fault, settle } from '../../engine/faults/fault.ts';
import { isObject, type PickleObject } from '../../engine/pickle/kinds.ts';
import { readPickle } from '../../engine/pickle/read-pickle.ts';
import type { PickleValue } from '../../engine/pickle/value.ts';
import { tensorBytes } from '../../engine/safetensors/dtype-size.ts';
import { readOpenFile, readTorchFile } from '../../engine/torch/read-torch-file.ts';
import { zipOf } from '../../engine/torch/sample-torch.ts';
import { mostPickleBytes, type OpenFile } from '../../engine/torch/torch-file.ts';
import { torchVocabulary } from '../../engine/torch/vocabulary.ts';
import { expectPlainFault, expectThat } from './expectations.ts';
import { largePickles } from './large-pickles.ts';
import { makeTorchFile, type MadeTensor } from './made-torch.ts';
import { chance, type Chance, mutate, randomBytes } from './mutate.ts';
import { type Examiner, soakCommand } from './soak.ts';

const torchFaults = /^MW45(0[4-69]|11|22|9\d)$/;
/** Most instructions that are read, and some that are not. */
const alphabet = Buffer.from(
  '\x80\x02}]()tue.asNKMJXqrhjcRbQ\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x950122io\x81GU\n',
  'latin1',
);

let folder: string;
let path: string;

export const examiner: Examiner = {
  prepare() {
    folder = mkdtempSync(join(tmpdir(), 'mergewright-fuzz-'));
    path = join(folder, 'pytorch_model.bin');
  },
  examine(seed, number) {
    const choices = chance(seed, number);
    // So few that a hundred thousand cases hold each of the largest once.
    if (number % 4_000 === 3_999) return atTheCap(Math.floor(number / 4_000));
    if (number % 1_000 === 998) return large(choices);
    if (number % 500 === 499) return beginnings(choices);
    if (number % 100 === 98) return inAFile(choices);
    const turn = choices.below(40);
    if (turn < 6) return judgedPickle(noise(choices));
    if (turn < 18) return judgedPickle(damagedPickle(choices));
    if (turn < 24) return made(choices);
    if (turn < 30) return judged(repacked(choices));
    return judged(damagedFile(choices));
  },
  tidy: () => rmSync(folder, { recursive: true }),
};

function noise(choices: Chance): Uint8Array {
  const { below, oneIn, pick } = choices;
  const length = below(200);
  if (oneIn(2)) return randomBytes(choices, length);
  return Uint8Array.from({ length }, () => pick(alphabet as unknown as readonly number[]));
}

/** The pickle of a sound archive: its first entry. */
function pickleOf(bytes: Buffer): Buffer {
  const start = bytes.indexOf('\x80\x02', 0, 'latin1');
  return bytes.subarray(start, bytes.indexOf('PK\x07\x08', start, 'latin1'));
}

function madeArchive(choices: Chance): Buffer {
  for (;;) {
    const { bytes, isLegacy } = makeTorchFile(choices);
    if (!isLegacy) return bytes;
  }
}

function damagedPickle(choices: Chance): Uint8Array {
  const donors = [pickleOf(madeArchive(choices))];
  return mutate(pickleOf(madeArchive(choices)), choices, { alphabet, donors, most: 8 });
}

/** A damaged pickle in a sound archive, beside storages of any length. */
function repacked(choices: Chance): Uint8Array {
  const { below, oneIn } = choices;
  const storages = Array.from({ length: below(6) }, (_, i) => ({
    name: `archive/data/${i}`,
    bytes: randomBytes(choices, below(20) * (oneIn(4) ? 1 : 4)),
  }));
  return zipOf([{ name: 'archive/data.pkl', bytes: damagedPickle(choices) }, ...storages]);
}

function damagedFile(choices: Chance): Uint8Array {
  const { bytes, isLegacy } = makeTorchFile(choices);
  const donors = [makeTorchFile(choices).bytes];
  if (isLegacy || choices.oneIn(4)) return mutate(bytes, choices, { alphabet, donors });
  // The directory, where a lie leads furthest, is a small part of an archive.
  const directory = bytes.indexOf('PK\x01\x02', 0, 'latin1');
  const damaged = mutate(bytes.subarray(directory), choices, { donors });
  return Buffer.concat([bytes.subarray(0, directory), damaged]);
}

async function made(choices: Chance): Promise<string> {
  const { bytes, sound } = makeTorchFile(choices);
  const outcome = await judged(bytes, sound);
  if (sound !== undefined) expectThat(outcome === 'read', `a sound file is refused: ${outcome}`);
  return outcome;
}

/** Every beginning of one file. */
async function beginnings(choices: Chance): Promise<string> {
  const { bytes } = makeTorchFile(choices);
  for (let length = 0; length < bytes.length; length += 1) {
    const outcome = await judged(bytes.subarray(0, length));
    expectThat(outcome !== 'read', `${length} bytes of ${bytes.length} are read as a whole file`);
  }
  return 'beginnings refused';
}

/** A quarter of a megabyte of one thing: what takes time that grows with the square would take minutes. */
function large(choices: Chance): string {
  return judgedPickle(choices.pick(largePickles).make(1 << 18));
}

async function atTheCap(turn: number): Promise<string> {
  const { title, make } = largePickles[turn % largePickles.length]!;
  const bytes = make(mostPickleBytes);
  return `${title} up to the cap: ${await judged(zipOf([{ name: 'archive/data.pkl', bytes }]))}`;
}

function judgedPickle(bytes: Uint8Array): string {
  const reading = readPickle(bytes, torchVocabulary);
  if (!reading.ok) {
    const { kind, at, what } = reading.flaw;
    expectThat(at >= 0 && at <= bytes.length && what.length > 0, `a flaw at ${at}`);
    return `pickle ${kind}`;
  }
  expectThat(reading.end <= bytes.length, 'more is read than is there');
  proveNames(reading.value);
  return 'pickle read';
}

/** Nothing in a value has a name that tensors do not need. */
function proveNames(value: PickleValue): void {
  const seen = new Set<PickleValue>();
  const waiting = [value];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (!isObject(item) || seen.has(item)) continue;
    seen.add(item);
    if (item.kind === 'global') {
      expectThat(torchVocabulary.get(item.name) === item.role, `${item.name} is read`);
    }
    for (const part of partsOf(item)) waiting.push(part);
  }
}

function* partsOf(value: PickleObject): Iterable<PickleValue> {
  if ('items' in value) yield* value.items;
  if ('keys' in value) yield* value.keys;
  if ('values' in value) yield* value.values;
  if ('callee' in value) yield value.callee;
  if ('args' in value) yield* value.args;
  if ('id' in value) yield value.id;
}

async function judged(bytes: Uint8Array, sound?: ReadonlyMap<string, MadeTensor>): Promise<string> {
  const header = await settle(() => readOpenFile(fileOf(bytes)));
  if (!header.ok) return fault(header.fault);
  const { tensors } = header.value;
  const size = bytes.length;
  const names = new Set<string>();
  for (const { name, dtype, shape, offset, byteLength } of tensors) {
    const where = JSON.stringify(name);
    expectThat(!names.has(name), `${where} is there twice`);
    names.add(name);
    expectThat(byteLength === tensorBytes(dtype, shape), `${where} has another length`);
    const isInside = offset >= 0 && offset + byteLength <= size;
    expectThat(isInside, `${where} lies outside of the file`);
    if (sound === undefined) continue;
    const wanted = sound.get(name);
    const isSame = wanted?.dtype === dtype && String(wanted.shape) === String(shape);
    expectThat(isSame, `${where} is read as another`);
    const found = bytes.subarray(offset, offset + byteLength);
    expectThat(Buffer.compare(found, wanted.bytes) === 0, `${where} has other bytes`);
  }
  if (sound !== undefined) expectThat(names.size === sound.size, 'tensors are missing');
  return 'read';
}

/** A file in memory that tells where it is read, if that is outside of it. */
function fileOf(bytes: Uint8Array): OpenFile {
  const read = (into: Uint8Array, start: number, length: number, at: number) => {
    const isInside = at >= 0 && at + length <= bytes.length;
    expectThat(isInside, `bytes ${at} to ${at + length} of ${bytes.length} are read`);
    into.set(bytes.subarray(at, at + length), start);
    return Promise.resolve({ bytesRead: length });
  };
  const handle = { read } as unknown as FileHandle;
  return { handle, path: '/pytorch_model.bin', size: bytes.length };
}

/** The same on the disk. */
async function inAFile(choices: Chance): Promise<string> {
  const bytes = choices.oneIn(2) ? makeTorchFile(choices).bytes : damagedFile(choices);
  writeFileSync(path, bytes);
  const onDisk = await readTorchFile(path);
  const inMemory = await settle(() => readOpenFile(fileOf(bytes)));
  const [one, other] = [onDisk, inMemory].map((header) =>
    header.ok ? JSON.stringify(header.value.tensors) : header.fault.code,
  );
  expectThat(one === other, `on the disk it is ${one}`);
  return `on the disk ${onDisk.ok ? 'read' : onDisk.fault.code}`;
}

function fault(found: Fault): string {
  expectPlainFault(found, torchFaults);
  return found.code;
}

if (import.meta.main) {
  await soakCommand({ fuzzer: import.meta.filename, count: 100_000, mostMemory: 700_000_000 });
}
