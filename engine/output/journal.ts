/**
 * The journal of an output in the making: its first line says which plan it belongs to, each further one what is done. By it a
 * run that was killed is continued. A line is believed only as far as the bytes on the disk bear it out, so that the journal
 * itself needs no flush.
 */
import { lstat } from 'node:fs/promises';
import { isJsonObject, parseJson } from '../checkpoints/read-json.ts';
import { settle } from '../faults/fault.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { openRegular, readExactly } from '../safetensors/open-regular.ts';
import { faultWriter, type FileLayer, type FileWriter } from './file-layer.ts';
import type { ReportInput } from './report.ts';

/** In a work folder, beside its mark. */
export const journalName = '.mergewright-journal';

/** To which plan a journal belongs, and what that was made of: where they differ, a user is told what changed. */
export interface JournalHead {
  readonly mark: 'mergewright journal';
  readonly version: 1;
  readonly planHash: string;
  readonly engineVersion: string;
  /** SHA-256 in hex of the recipe's text and of those it uses. */
  readonly recipeHash: string;
  readonly inputs: readonly ReportInput[];
}

/** A stretch of a tensor, or all of it, whose bytes were written. */
export interface StoredLine {
  readonly kind: 'stored';
  /** The tensor's. */
  readonly name: string;
  /** Bytes of the tensor before it, and its own. */
  readonly at: number;
  readonly byteLength: number;
  /** SHA-256 of each piece of 1 MiB, as base64. */
  readonly pieces: readonly string[];
  /** What the run found while it stored it: plain data of the run's own, proved where it is used. */
  readonly found: unknown;
}

/** Figures over the whole model, found once for all tensors. */
export interface GroupLine {
  readonly kind: 'group';
  /** SHA-256 in hex of all that the figures depend on. */
  readonly key: string;
  readonly figures: unknown;
}

export type JournalLine = StoredLine | GroupLine;

export interface ReadJournal {
  readonly head: JournalHead;
  /** By tensor, and by where they begin; what was stored twice counts as it was the last time. */
  readonly stored: ReadonlyMap<string, ReadonlyMap<number, StoredLine>>;
  readonly groups: ReadonlyMap<string, GroupLine>;
  /** Bytes up to the end of the last whole line. */
  readonly byteLength: number;
}

/** More than any model's journal takes: one or two hundred bytes for each MiB of the output. */
const mostBytes = 512_000_000;
const deepest = 16;

/** Reads a journal up to its first line that is torn or none. Nothing where it has no head. */
export async function readJournal(path: string): Promise<ReadJournal | undefined> {
  const bytes = await readBytes(path);
  if (bytes === undefined) return undefined;
  const stored = new Map<string, Map<number, StoredLine>>();
  const keep = (line: StoredLine): void => {
    const others = stored.get(line.name);
    if (others === undefined) stored.set(line.name, new Map([[line.at, line]]));
    else others.set(line.at, line);
  };
  const groups = new Map<string, GroupLine>();
  let head: JournalHead | undefined;
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const line = parseJson(bytes.toString('utf8', at, end), { deepest });
    if (!line.ok) break;
    if (head === undefined) {
      if (!isHead(line.json)) return undefined;
      head = line.json;
    } else if (isStoredLine(line.json)) keep(line.json);
    else if (isGroupLine(line.json)) groups.set(line.json.key, line.json);
    else break;
    at = end + 1;
  }
  return head === undefined ? undefined : { head, stored, groups, byteLength: at };
}

async function readBytes(path: string): Promise<Buffer | undefined> {
  const read = await settle(async () => {
    // A link is none of ours.
    if (!(await lstat(path)).isFile()) return undefined;
    const handle = await openRegular(path);
    try {
      const { size } = await handle.stat();
      if (size > mostBytes) return undefined;
      const bytes = Buffer.allocUnsafe(size);
      await readExactly(handle, bytes, { at: 0, path });
      return bytes;
    } finally {
      await handle.close();
    }
  }).catch((error: unknown) => {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  });
  return read?.ok === true ? read.value : undefined;
}

/** A journal that is being written. Its methods throw faults. */
export class Journal {
  readonly #writer: FileWriter;
  #at: number;

  constructor(writer: FileWriter, at: number) {
    this.#writer = writer;
    this.#at = at;
  }

  /** Lines that are appended at the same time may reach the file in any order: a torn one ends what is read. */
  async append(line: JournalLine | JournalHead): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`, 'utf8');
    const at = this.#at;
    this.#at += bytes.length;
    await this.#writer.pwrite(bytes, at);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

/** Begins a journal, or goes on with one behind its last whole line. Throws faults. */
export async function openJournal(
  path: string,
  {
    layer,
    head,
    resumed,
  }: {
    readonly layer: FileLayer;
    readonly head: JournalHead;
    readonly resumed: ReadJournal | undefined;
  },
): Promise<Journal> {
  if (resumed !== undefined) {
    const writer = faultWriter(await writing(path, () => layer.reopen(path)));
    await writer.truncate(resumed.byteLength);
    return new Journal(writer, resumed.byteLength);
  }
  const journal = new Journal(faultWriter(await writing(path, () => layer.create(path))), 0);
  await journal.append(head);
  return journal;
}

/** What is another in this run than in the one that wrote the journal, as the end of a sentence; nothing where all is the same. */
export function changedSince(was: JournalHead, is: JournalHead): string | undefined {
  if (was.planHash === is.planHash) return undefined;
  if (was.engineVersion !== is.engineVersion)
    return `it was begun by version ${was.engineVersion}, and this is ${is.engineVersion}`;
  const before = identities(was.inputs);
  for (const [file, identity] of identities(is.inputs)) {
    const earlier = before.get(file);
    if (earlier === undefined) return `it did not read ${file}`;
    if (earlier !== identity) return `${file} was changed since`;
  }
  if (was.recipeHash !== is.recipeHash) return 'the recipe was changed since';
  return 'what is asked for was changed since';
}

function identities(inputs: readonly ReportInput[]): ReadonlyMap<string, string> {
  return new Map(
    inputs.flatMap(({ folder, files }) =>
      files.map(({ name, size, mtimeNs, headerHash }) => [
        `${folder}/${name}`,
        `${size} ${mtimeNs} ${headerHash}`,
      ]),
    ),
  );
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: unknown): boolean => isText(value) && /^[0-9a-f]{64}$/.test(value);

function isHead(json: unknown): json is JournalHead {
  return (
    isJsonObject(json) &&
    json.mark === 'mergewright journal' &&
    json.version === 1 &&
    isHash(json.planHash) &&
    isText(json.engineVersion) &&
    isHash(json.recipeHash) &&
    Array.isArray(json.inputs) &&
    json.inputs.every(isInput)
  );
}

function isInput(json: unknown): boolean {
  return (
    isJsonObject(json) &&
    isText(json.folder) &&
    Array.isArray(json.files) &&
    json.files.every((file) => isJsonObject(file) && isText(file.name))
  );
}

function isStoredLine(json: unknown): json is StoredLine {
  return (
    isJsonObject(json) &&
    json.kind === 'stored' &&
    isText(json.name) &&
    isCount(json.at) &&
    isCount(json.byteLength) &&
    Array.isArray(json.pieces) &&
    json.pieces.every((piece) => isText(piece) && /^[A-Za-z0-9+/]{43}=$/.test(piece))
  );
}

function isGroupLine(json: unknown): json is GroupLine {
  return isJsonObject(json) && json.kind === 'group' && isHash(json.key);
}
