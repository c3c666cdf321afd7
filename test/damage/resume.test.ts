/** Runs that were killed are gone on with, and end in the same bytes; what would not be the same is refused. */
import { readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import type { RunOptions, RunOutcome } from '../../engine/run/options.ts';
import { nodeFiles, type FileAccess } from '../../engine/run/file-access.ts';
import { runRecipe } from '../kit/merge.ts';
import { sources, workspace, type Workspace } from '../kit/workspace.ts';

const tensors = 9;
const whole = `${sources}merge m = ties(base, [math, code], density: 40%, scope: whole)
output m to "./out/m"
`;
const two = `${sources}merge m = slerp(math, code, t: 0.3)
merge n = ties(base, [math, code])
output m to "./out/m"
output n to "./out/n"
`;

interface Counted extends FileAccess {
  readonly counts: { reads: number; writes: number };
}

/** Files that count; before the write of this number the program is gone. */
function files(dieBefore = Infinity): Counted {
  const inner = nodeFiles();
  const counts = { reads: 0, writes: 0 };
  return {
    ...inner,
    counts,
    read(path, into, position) {
      counts.reads++;
      inner.read(path, into, position);
    },
    write(path, bytes, position) {
      if (counts.writes === dieBefore) throw new Error('killed');
      counts.writes++;
      inner.write(path, bytes, position);
    },
  };
}

/** A run that breaks in the middle. */
async function die(folder: Workspace, writes: number): Promise<void> {
  await expect(runRecipe(folder.at('r.merge'), { inline: files(writes) })).rejects.toThrow(
    'killed',
  );
}

async function goOn(
  folder: Workspace,
  options: Partial<RunOptions> = {},
): Promise<RunOutcome & { kind: 'done' }> {
  const outcome = valueOf(await runRecipe(folder.at('r.merge'), { overwrite: false, ...options }));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome;
}

/** Weights digests of the outputs that an undisturbed run makes. */
async function undisturbed(recipe: string): Promise<readonly string[]> {
  using folder = workspace({ 'r.merge': recipe });
  return digests(await goOn(folder));
}

const digests = ({ outputs }: RunOutcome & { kind: 'done' }): readonly string[] =>
  outputs.map(({ report }) => report.weightsDigest);
const kinds = ({ notices }: RunOutcome): readonly string[] => notices.map(({ kind }) => kind);

test.each([
  ['one output, with figures over the whole model', whole, tensors],
  ['two outputs', two, 2 * tensors],
])('%s: wherever it died, the bytes are the same', async (_, recipe, writes) => {
  const expected = await undisturbed(recipe);
  for (let at = 0; at < writes; at++) {
    using folder = workspace({ 'r.merge': recipe });
    await die(folder, at);
    const inline = files();
    const outcome = await goOn(folder, { inline, resume: true });
    expect(digests(outcome)).toEqual(expected);
    if (at > 0) expect(kinds(outcome)).toContain('resumed');
    expect(inline.counts.writes).toBe(writes - at);
    expect(folder.list().filter((name) => /part|lock|journal/.test(name))).toEqual([]);
  }
});

test('it goes on by itself, and says so', async () => {
  using folder = workspace({ 'r.merge': whole });
  await die(folder, 4);
  const outcome = await goOn(folder);
  expect(outcome.notices.map(({ message }) => folder.plain(message))).toEqual([
    'An earlier run of the same was interrupted, and is continued: 400 bytes are in <folder>/out/m.part already.',
  ]);
});

test('figures over the whole model are found once', async () => {
  using folder = workspace({ 'r.merge': whole });
  const first = files();
  await goOn(folder, { inline: first });
  rmSync(folder.at('out'), { recursive: true });
  await die(folder, 0);
  const inline = files();
  await goOn(folder, { inline });
  // The experts are read twice for the statistics alone.
  expect(inline.counts.reads).toBeLessThanOrEqual(first.counts.reads - 4 * tensors);
});

test('bytes that are not those that were written are made anew', async () => {
  using folder = workspace({ 'r.merge': whole });
  await die(folder, 6);
  const shard = folder.at('out/m.part/model.safetensors');
  const bytes = readFileSync(shard);
  const body = 8 + Number(bytes.readBigUInt64LE(0));
  bytes[body + 3]! ^= 1;
  writeFileSync(shard, bytes);
  const inline = files();
  expect(digests(await goOn(folder, { inline }))).toEqual(await undisturbed(whole));
  expect(inline.counts.writes).toBe(tensors - 6 + 1);
});

describe('a journal that is torn counts up to its last whole line', () => {
  test.each([
    ['half a line', (text: string) => text.slice(0, -20), 5],
    ['a line of no meaning', (text: string) => `${text}{"kind":"stored"}\n`, 6],
    ['a hole', (text: string) => text.replace(/\n[^\n]*\n$/, `\n${'\0'.repeat(80)}\n`), 5],
    ['words behind a broken line', (text: string) => text.replace('"kind":"stored"', '!'), 0],
  ])('%s', async (_, tear, kept) => {
    using folder = workspace({ 'r.merge': whole });
    await die(folder, 6);
    const journal = folder.at('out/m.part/.mergewright-journal');
    writeFileSync(journal, tear(readFileSync(journal, 'utf8')));
    const inline = files();
    expect(digests(await goOn(folder, { inline }))).toEqual(await undisturbed(whole));
    expect(inline.counts.writes).toBe(tensors - kept);
  });
});

test('what stands in the work folder besides is cleared, and a link there leads nowhere', async () => {
  using folder = workspace({ 'r.merge': whole, 'victim.txt': 'kept' });
  await die(folder, 6);
  rmSync(folder.at('out/m.part/model.safetensors'));
  symlinkSync(folder.at('victim.txt'), folder.at('out/m.part/model.safetensors'));
  folder.write('out/m.part/config.json', 'half');
  expect(digests(await goOn(folder))).toEqual(await undisturbed(whole));
  expect(folder.read('victim.txt')).toBe('kept');
  expect(JSON.parse(folder.read('out/m/config.json'))).toMatchObject({ model_type: 'llama' });
});

test.each(['{"mark":"mergewright rep', 'whole'])(
  'killed while its report was written, it can be told again whose output it is: %s',
  async (report) => {
    using folder = workspace({ 'r.merge': whole });
    await goOn(folder);
    const text = report === 'whole' ? folder.read('out/m/mergewright.json') : report;
    rmSync(folder.at('out'), { recursive: true });
    await die(folder, 6);
    folder.write('out/m.part/mergewright.json', text);
    expect(kinds(await goOn(folder))).toEqual(['resumed']);
    const again = valueOf(await runRecipe(folder.at('r.merge'), { overwrite: false }));
    expect(again).toMatchObject({ kind: 'done', outputs: [{ upToDate: true }] });
  },
);

test.each([
  ['', undefined],
  ['run', undefined],
  ['run', ''],
  ['run', '{"mark":"mergewright jour'],
])('killed before its journal was begun, there is nothing to lose: %j, %j', async (mark, head) => {
  using folder = workspace({ 'r.merge': two });
  await die(folder, 6);
  folder.write('out/n.part/.mergewright-part', mark);
  if (head !== undefined) folder.write('out/n.part/.mergewright-journal', head);
  expect(digests(await goOn(folder, { resume: true }))).toEqual(await undisturbed(two));
});

describe('what would not be the same', () => {
  const changes: readonly (readonly [string, (folder: Workspace) => void, string])[] = [
    [
      'another recipe',
      (folder) => folder.write('r.merge', whole.replace('40%', '50%')),
      'the recipe was changed since',
    ],
    [
      'another model',
      (folder) => utimesSync(folder.at('math/model.safetensors'), new Date(), new Date()),
      '<folder>/math/model.safetensors was changed since',
    ],
    [
      'no journal',
      (folder) => rmSync(folder.at('out/m.part/.mergewright-journal')),
      'it left no journal',
    ],
  ];

  test.each(changes)('is refused where it is insisted on: %s', async (_, change, reason) => {
    using folder = workspace({ 'r.merge': whole });
    await die(folder, 6);
    change(folder);
    const before = folder.list();
    const result = await runRecipe(folder.at('r.merge'), { overwrite: false, resume: true });
    expect(result).toMatchObject({ ok: false, fault: { code: 'MW6108' } });
    if (result.ok) return;
    expect(folder.plain(result.fault.message)).toBe(
      `The run that was interrupted in <folder>/out/m.part cannot be continued: ${reason}.`,
    );
    expect(folder.list()).toEqual(before);
  });

  test.each(changes)('is begun anew where it is not: %s', async (_, change) => {
    using folder = workspace({ 'r.merge': whole });
    await die(folder, 6);
    change(folder);
    const inline = files();
    expect(kinds(await goOn(folder, { inline }))).toEqual(['leftovers-cleared']);
    expect(inline.counts.writes).toBe(tensors);
  });
});

test('where nothing was left, it is said and made from the start', async () => {
  using folder = workspace({ 'r.merge': whole });
  expect(kinds(await goOn(folder, { resume: true }))).toEqual(['nothing-to-resume']);
});

test('an infinity that an earlier run stored is told again', async () => {
  using folder = workspace({
    'r.merge': `${sources}merge m = base + 1e38 * 100 * (math - code)\noutput m to "./out/m"\n`,
  });
  await expect(
    runRecipe(folder.at('r.merge'), { inline: files(tensors - 1), allowNonFinite: true }),
  ).rejects.toThrow('killed');
  const result = await runRecipe(folder.at('r.merge'), { overwrite: false });
  expect(result).toMatchObject({ ok: false, fault: { code: 'MW5001' } });
});
