import {
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  readFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFileLayer } from './file-layer.ts';
import { changedSince, openJournal, readJournal, type JournalHead } from './journal.ts';

const head: JournalHead = {
  mark: 'mergewright journal',
  version: 1,
  planHash: 'a'.repeat(64),
  engineVersion: '1',
  recipeHash: 'b'.repeat(64),
  inputs: [],
};
const piece = Buffer.alloc(32, 7).toString('base64');
const lineOf = (name: string) =>
  ({ kind: 'stored', name, at: 0, byteLength: 9, pieces: [piece], found: {} }) as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mergewright-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function write(names: readonly string[]): Promise<void> {
  const resumed = await readJournal(path);
  const journal = await openJournal(path, { layer: nodeFileLayer, head, resumed });
  for (const name of names) await journal.append(lineOf(name));
  await journal.close();
}

const read = async (): Promise<readonly string[] | undefined> => {
  const journal = await readJournal(path);
  return journal && [...journal.stored.keys()];
};

test('cut anywhere, it gives the lines that were whole, and goes on behind them', async () => {
  const names = ['one', 'two', 'thrée "3"'];
  await write(names);
  const ends = (await readJournal(path))!;
  for (let length = ends.byteLength; length >= 0; length -= 7) {
    truncateSync(path, length);
    const kept = await read();
    if (kept === undefined) continue;
    expect(names.slice(0, kept.length)).toEqual(kept);
    await write(['more']);
    expect(await read()).toEqual([...kept, 'more']);
    rmSync(path);
    await write(names);
  }
});

test('any bytes are a journal or none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      writeFileSync(path, bytes);
      expect(await readJournal(path)).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test('what is no line of a tensor ends it', async () => {
  await write(['one']);
  const { byteLength } = (await readJournal(path))!;
  for (const bad of [
    '{}',
    '[]',
    '{"kind":"stored","name":1,"at":0,"byteLength":9,"pieces":[]}',
    JSON.stringify({ ...lineOf('x'), at: -1 }),
    JSON.stringify({ ...lineOf('x'), byteLength: 0.5 }),
    JSON.stringify({ ...lineOf('x'), pieces: ['short'] }),
  ]) {
    truncateSync(path, byteLength);
    writeFileSync(path, `${bad}\n${JSON.stringify(lineOf('two'))}\n`, { flag: 'a' });
    expect(await read()).toEqual(['one']);
  }
});

test('what is behind the last whole line goes when it is gone on with', async () => {
  await write(['one']);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, `${whole}{"kind"\n${JSON.stringify(lineOf('lost'))}\n`);
  await write([]);
  expect(readFileSync(path, 'utf8')).toBe(whole);
});

test('what changed is told: the version, a file, the recipe, or what is asked for', () => {
  const input = (size: number) => ({
    name: 'a',
    folder: '/m',
    files: [{ name: 'w', size, mtimeNs: '1', headerHash: 'c' }],
  });
  const was = { ...head, inputs: [input(1)] };
  const is = { ...was, planHash: 'd'.repeat(64) };
  expect(changedSince(was, was)).toBeUndefined();
  expect(changedSince(was, { ...is, engineVersion: '2' })).toMatch(/version 1, and this is 2/);
  expect(changedSince(was, { ...is, inputs: [input(2)] })).toBe('/m/w was changed since');
  expect(changedSince(head, is)).toBe('it did not read /m/w');
  expect(changedSince(was, { ...is, recipeHash: 'e'.repeat(64) })).toMatch(/recipe/);
  expect(changedSince(was, is)).toMatch(/asked for/);
});

test('a link to a journal is none: what it leads to is not this run’s to go on with', async () => {
  await write(['one']);
  renameSync(path, `${path}-elsewhere`);
  symlinkSync(`${path}-elsewhere`, path);
  expect(await readJournal(path)).toBeUndefined();
});
