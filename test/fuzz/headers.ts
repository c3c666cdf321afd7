/**
 * `node test/fuzz/headers.ts [--count 1000000] [--seed N] [--seconds S]`: headers of safetensors files that are random, made by
 * a grammar and twisted, damaged, cut off at every byte, and as large as the format allows. Whatever is read must be what
 * a plain reading of the JSON says, and cover the file's data exactly; whatever is not must be a fault of the format.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import { isDType } from '../../engine/safetensors/dtype-size.ts';
import { layoutShards } from '../../engine/safetensors/layout.ts';
import { parseHeader, type ParsedHeader } from '../../engine/safetensors/parse-header.ts';
import { headerCap, readHeader } from '../../engine/safetensors/read-header.ts';
import { expectPlainFault, expectThat } from './expectations.ts';
import { largeHeaders } from './large-headers.ts';
import { makeHeader, type MadeHeader } from './made-header.ts';
import { brinks, chance, type Chance, mutate, randomBytes } from './mutate.ts';
import { type Examiner, soakCommand } from './soak.ts';

const alphabet = Buffer.from('{}[]",:\\ \n0123456789eE+-.untrfaldypsho_');
const file = '/model.safetensors';
const headerFaults = /^MW45(0[4-9]|1[01])$/;

export const examiner: Examiner = {
  examine(seed, number) {
    const choices = chance(seed, number);
    // So few that a million cases hold some twenty of the largest.
    if (number % 50_000 === 49_999) return atTheCap(Math.floor(number / 50_000));
    if (number % 1_000 === 998) return inAFile(choices);
    if (number % 2_000 === 1_999) return large(choices);
    const turn = choices.below(40);
    if (turn === 0) return beginnings(choices);
    if (turn < 6) return judged(noise(choices), choices);
    return turn < 20 ? made(choices) : damaged(choices);
  },
};

function noise(choices: Chance): Uint8Array {
  const { below, oneIn, pick } = choices;
  const length = below(200);
  if (oneIn(2)) return randomBytes(choices, length);
  return Uint8Array.from({ length }, (_, i) =>
    i === 0 ? 0x7b : pick(alphabet as unknown as readonly number[]),
  );
}

function made(choices: Chance): string {
  const header = makeHeader(choices);
  const outcome = judged(header.json, choices, header);
  if (header.isSound) expectThat(outcome === 'read', `a sound header is refused: ${outcome}`);
  return outcome;
}

function damaged(choices: Chance): string {
  const header = makeHeader(choices);
  const donors = [makeHeader(choices).json];
  return judged(mutate(header.json, choices, { alphabet, donors }), choices, header);
}

/** Every beginning of one header. */
function beginnings(choices: Chance): string {
  const header = makeHeader(choices);
  if (header.json.length > 400) return judged(header.json, choices, header);
  const end = header.json.lastIndexOf(0x7d) + 1;
  for (let length = 0; length < end; length += 1) {
    const outcome = judged(header.json.subarray(0, length), choices, header);
    expectThat(outcome !== 'read', `${length} bytes of ${end} are read as a whole header`);
  }
  return 'beginnings refused';
}

/** A megabyte of one thing: what takes time that grows with the square would take minutes. */
function large(choices: Chance): string {
  return judged(choices.pick(largeHeaders).make(1 << 20), choices);
}

function atTheCap(turn: number): string {
  const header = largeHeaders[turn % largeHeaders.length]!;
  return `${header.title} up to the cap: ${judged(header.make(headerCap), chance(turn))}`;
}

/** The file is as long as the header says, or longer or shorter, or of any length. */
function judged(json: Uint8Array, { below, oneIn, pick }: Chance, of?: MadeHeader): string {
  const dataOffset = 8 + json.length;
  const dataBytes = of?.dataBytes ?? below(100);
  let fileSize = dataOffset + dataBytes;
  if (of?.isSound !== true && oneIn(4))
    fileSize = oneIn(2) ? Number(pick(brinks)) : Math.max(0, fileSize + below(9) - 4);
  const parsed = parseHeader(json, { file, dataOffset, fileSize });
  if (!parsed.ok) return fault(parsed.fault);
  expectProved(parsed.value, { json, dataOffset, fileSize });
  return 'read';
}

function fault(found: Fault): string {
  expectPlainFault(found, headerFaults);
  return found.code;
}

interface Proof {
  readonly json: Uint8Array;
  readonly dataOffset: number;
  readonly fileSize: number;
}

function expectProved(header: ParsedHeader, { json, dataOffset, fileSize }: Proof): void {
  const plain = JSON.parse(Buffer.from(json).toString('utf8')) as Record<string, PlainEntry>;
  const named = new Map(Object.entries(plain).filter(([name]) => name !== '__metadata__'));
  expectThat(named.size === header.tensors.length, 'there are more or fewer tensors');
  for (const { name, dtype, shape, offset, byteLength } of header.tensors) {
    const entry = named.get(name);
    expectThat(entry !== undefined && isDType(dtype), `${JSON.stringify(name)} is invented`);
    const [begin, end] = entry.data_offsets;
    expectThat(
      dtype === entry.dtype && String(shape) === String(entry.shape),
      `${JSON.stringify(name)} is read as another`,
    );
    expectThat(
      offset === dataOffset + begin && byteLength === end - begin,
      `${JSON.stringify(name)} is placed elsewhere`,
    );
  }
  let covered = dataOffset;
  for (const { offset, byteLength } of header.tensors.toSorted(
    (a, b) => a.offset - b.offset || a.byteLength - b.byteLength,
  )) {
    expectThat(offset === covered, 'tensors overlap, or leave a hole');
    covered += byteLength;
  }
  expectThat(covered === fileSize, 'the tensors do not end with the file');
  // What is made of the names and shapes next.
  anatomyOf({ tensors: header.tensors });
  const layout = layoutShards(header.tensors);
  expectThat(layout.ok && layout.value.totalBytes === fileSize - dataOffset, 'it is laid out so');
}

interface PlainEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** A sparse file whose first eight bytes promise a header of any length. */
async function inAFile(choices: Chance): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-fuzz-'));
  try {
    const path = join(folder, 'model.safetensors');
    const promised = choices.pick([...brinks, BigInt(headerCap), BigInt(headerCap) + 1n]);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(promised);
    const handle = openSync(path, 'w');
    writeSync(handle, length.subarray(0, choices.below(9)));
    writeSync(handle, makeHeader(choices).json);
    if (choices.oneIn(2)) ftruncateSync(handle, choices.pick([0, 7, 8, 9, 8 + headerCap, 2 ** 40]));
    closeSync(handle);
    const read = await readHeader(path);
    return read.ok ? 'read' : fault(read.fault);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main)
  await soakCommand({ fuzzer: import.meta.filename, count: 1_000_000, mostMemory: 2e9 });
