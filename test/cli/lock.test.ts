/** `lock` and `--locked`: the very files that a recipe was locked with, or none. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { parseLockfile, type LockedSource } from '../../engine/lockfile/lockfile.ts';
import { readReport } from '../../engine/output/report.ts';
import { hubCache } from '../kit/hub-cache.ts';
import { told } from '../kit/in-process.ts';
import { smallModel, sources, workspace, type Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = ties(base, [math, code])
output m to "./out/m" { card = true }
`;
const weights = 'model.safetensors';

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function lockOf(folder: Workspace): readonly LockedSource[] {
  return valueOf(parseLockfile(folder.read('m.merge.lock'), 'm.merge.lock')).sources;
}

async function locked(folder: Workspace, ...args: readonly string[]) {
  const ended = await told('lock', folder.at('m.merge'), ...args);
  expect(ended).toMatchObject({ code: 0, err: '' });
  return ended;
}

/** The codes and places of what `check --locked` says. */
async function moved(folder: Workspace, command = 'check'): Promise<string> {
  const { code, err } = await told(command, folder.at('m.merge'), '--locked');
  expect(code).toBe(err === '' ? 0 : 1);
  return folder.plain(err).replaceAll('<folder>/', '');
}

/** Changes the last byte of a file, which is no header's; its size stays, and its time if asked. */
function flip(path: string, { keepTime = false }: { readonly keepTime?: boolean } = {}): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, keepTime ? mtime : new Date(mtime.getTime() + 5000));
}

describe('a lock', () => {
  test('names every file of every model with its SHA-256, and stays as it is', async () => {
    using folder = workspace({ 'm.merge': recipe, 'base/tokenizer.json': '{}' });
    expect(folder.plain((await locked(folder)).out)).toMatch(
      /m\.merge\.lock: 3 sources, 7 files, .* read\n$/,
    );
    expect(lockOf(folder).map(({ name, path }) => [name, path])).toEqual([
      ['base', './base'],
      ['code', './code'],
      ['math', './math'],
    ]);
    const [base] = lockOf(folder);
    expect(base!.files.map(({ name }) => name)).toEqual(['config.json', weights, 'tokenizer.json']);
    for (const { name, sha256: hash, size } of base!.files) {
      expect(hash).toBe(sha256(folder.at('base', name)));
      expect(size).toBe(statSync(folder.at('base', name)).size);
    }
    const before = folder.read('m.merge.lock');
    expect(before).not.toContain(folder.path);
    expect((await locked(folder)).out).toMatch(/m\.merge\.lock is up to date\n$/);
    expect(folder.read('m.merge.lock')).toBe(before);
    expect(folder.list().filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('lets a run through whose report then tells the SHA-256 of its inputs', async () => {
    using folder = workspace({ 'm.merge': recipe });
    await locked(folder);
    const run = await folder.run(['run', 'm.merge', '--locked', '--threads', '1']);
    expect(run).toMatchObject({ code: 0, err: '' });
    const { inputs } = valueOf(await readReport(folder.at('out/m')));
    for (const { name, files } of inputs)
      expect(files.map((file) => file.sha256)).toEqual([sha256(folder.at(name, weights))]);
    expect(folder.read('out/m/README.md')).toContain(sha256(folder.at('math', weights)));
    const again = await told('run', folder.at('m.merge'));
    expect(again.out).toContain('m is up to date');
  });

  test('is asked for where there is none', async () => {
    using folder = workspace({ 'm.merge': recipe });
    for (const command of ['check', 'plan', 'run'])
      expect(await moved(folder, command)).toBe(
        'error MW6401: There is no lock at m.merge.lock.\n  Make it: mergewright lock m.merge.\n',
      );
    expect(folder.has('out')).toBe(false);
  });

  test('of another origin is neither believed nor replaced', async () => {
    using folder = workspace({ 'm.merge': recipe, 'm.merge.lock': '{"version": 9}' });
    expect(await moved(folder)).toContain('error MW6402');
    const refused = await told('lock', folder.at('m.merge'));
    expect({ ...refused, err: refused.err.slice(0, 12) }).toMatchObject({
      code: 1,
      err: 'error MW6402',
    });
    expect(folder.read('m.merge.lock')).toBe('{"version": 9}');
  });
});

describe('what changed since the lock', () => {
  test('is told at the model’s own line, by every command, before anything is written', async () => {
    using folder = workspace({ 'm.merge': recipe });
    await locked(folder);
    flip(folder.at('math', weights));
    for (const command of ['check', 'plan', 'run'])
      expect(await moved(folder, command)).toBe(
        `m.merge:2:1: error MW6405: \`math\` is not as it was locked: "${weights}" has another SHA-256. Bring the locked files back, or lock anew: mergewright lock m.merge.\n`,
      );
    expect(folder.has('out')).toBe(false);
    const json = await told('check', folder.at('m.merge'), '--locked', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ diagnostics: [{ code: 'MW6405', line: 2 }] });
    await locked(folder);
    expect(await moved(folder)).toBe('');
  });

  test('a time alone is no change', async () => {
    using folder = workspace({ 'm.merge': recipe });
    await locked(folder);
    utimesSync(folder.at('math', weights), new Date(), new Date(1_000_000_000_000));
    expect(await moved(folder)).toBe('');
  });

  test('a file that is missing, new or of another length', async () => {
    using folder = workspace({ 'm.merge': recipe, 'base/tokenizer.json': '{}' });
    await locked(folder);
    rmSync(folder.at('base/tokenizer.json'));
    expect(await moved(folder)).toContain('"tokenizer.json" is missing');
    folder.write('base/tokenizer.json', '{ }');
    expect(await moved(folder)).toContain('"tokenizer.json" has 3 bytes, not 2 bytes');
    folder.write('base/tokenizer.json', '{}');
    folder.write('base/merges.txt', '');
    expect(await moved(folder)).toContain('"merges.txt" was not there');
  });

  test('a model that is new in the recipe, or read from elsewhere', async () => {
    using folder = workspace({ 'm.merge': recipe });
    await locked(folder);
    folder.write('m.merge', `model more = "./math"\n${recipe.replace('[math', '[more, math')}`);
    expect(await moved(folder)).toContain('m.merge:1:1: error MW6403: `more` is not in the lock.');
    folder.write('m.merge', recipe.replace('"./code"', '"./math"'));
    expect(await moved(folder)).toContain(
      'm.merge:3:1: error MW6403: `code` is read from "./math" and was locked from "./code".',
    );
  });

  test('a branch that moved', async () => {
    using cache = hubCache();
    using folder = workspace({
      'm.merge': 'model base = "org/base"\nmerge m = 1 * base\noutput m to "./out/m"\n',
    });
    cache.add('org/base', 'a'.repeat(40), smallModel(), {});
    await locked(folder);
    expect(lockOf(folder)).toMatchObject([{ hub: 'org/base', commit: 'a'.repeat(40) }]);
    expect(await moved(folder)).toBe('');
    cache.add('org/base', 'b'.repeat(40), smallModel(1), {});
    expect(await moved(folder)).toContain(
      `m.merge:1:1: error MW6404: \`base\` is at commit ${'b'.repeat(40)} and was locked at ${'a'.repeat(40)}.`,
    );
  });

  test('a recipe that is used', async () => {
    using folder = workspace({
      'm.merge': `use "./common.merge"\n${recipe.replace('code])', 'code], density: keep)')}`,
      'common.merge': 'let keep = 20%\n',
    });
    await locked(folder);
    expect(await moved(folder)).toBe('');
    folder.write('common.merge', 'let keep = 30%\n');
    expect(await moved(folder)).toContain(
      'm.merge:1:1: error MW6406: "common.merge" was changed since the lock.',
    );
  });
});

describe('lock --check', () => {
  test('reads every file again, whatever its time says', async () => {
    using folder = workspace({ 'm.merge': recipe });
    // A time that can be set again to the nanosecond.
    const then = new Date(1_700_000_000_000);
    utimesSync(folder.at('code', weights), then, then);
    await locked(folder);
    expect((await locked(folder, '--check')).out).toMatch(/3 sources, 6 files, as locked/);
    flip(folder.at('code', weights), { keepTime: true });
    expect(await moved(folder)).toBe('');
    const { code, err } = await told('lock', folder.at('m.merge'), '--check');
    expect(code).toBe(1);
    expect(err).toContain('m.merge:3:1: error MW6405');
  });

  test('does not believe the names in a cache either', async () => {
    using cache = hubCache();
    using folder = workspace({
      'm.merge': 'model base = "org/base"\nmerge m = 1 * base\noutput m to "./out/m"\n',
    });
    const commit = 'a'.repeat(40);
    cache.add('org/base', commit, smallModel(), {});
    const made = await told('lock', folder.at('m.merge'), '--json');
    expect(JSON.parse(made.out)).toMatchObject({ bytesRead: 0, files: 1 });
    flip(`${cache.path}/models--org--base/snapshots/${commit}/${weights}`);
    expect(await moved(folder)).toBe('');
    expect((await told('lock', folder.at('m.merge'), '--check')).err).toContain('MW6405');
  });
});
