import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from '../../grammar/syntax/parse.ts';
import { checkRecipe } from './open-recipe.ts';
import { readImports, type ReadText } from './read-imports.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function said(path: string, text: string): Promise<readonly string[]> {
  const { checked } = await checkRecipe(text, join(root, path));
  return checked.diagnostics.map(({ code, message }) => `${code} ${message.replaceAll(root, '…')}`);
}

it('reads what a recipe uses, and what that uses, each from its own folder', async () => {
  write({
    'team/common.merge': 'use "./values.merge" as values\nlet keep = values.some',
    'team/values.merge': 'let some = 20%',
  });
  const text = 'use "../team/common.merge" as team\nlet gentle: ties = { density: team.keep }';
  const { imports, checked } = await checkRecipe(text, join(root, 'recipes/r.merge'));
  expect(checked.diagnostics).toEqual([]);
  expect([...imports.files.values()].map(({ folder }) => folder)).toEqual(['../team', '../team']);
});

it('finds models of an import beside that import', async () => {
  write({ 'team/common.merge': 'model base = "./nowhere"' });
  const found = await said('recipes/r.merge', 'use "../team/common.merge"\nmerge m = base');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^MW2015 .*team[\\/]nowhere/);
});

it.each([
  ['a file that is not there', './none.merge', /^MW2013 There is no file or folder/],
  ['a folder', './folder', /^MW2013 .* is a folder/],
  ['a device', '/dev/zero', /^MW2013 .* is no regular file/],
  ['itself', './r.merge', /^MW2014 /],
])('refuses %s', async (_, path, finding) => {
  write({ 'folder/x.merge': '' });
  const found = await said('r.merge', `use ${JSON.stringify(path)}\nmerge m = linear([a, b])`);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(finding);
});

it('goes round a circle once', async () => {
  write({ 'a.merge': 'use "./b.merge"', 'b.merge': 'use "./a.merge"' });
  expect((await said('r.merge', 'use "./a.merge"')).map((one) => one.slice(0, 6))).toEqual([
    'MW2015',
  ]);
});

describe('what is too much is left out, and said', () => {
  /** Recipes that use the next one each, with so much text besides. */
  const chain =
    (characters: number): ReadText =>
    async (path) => {
      const next = Number(basename(path, '.merge')) + 1;
      return { ok: true, value: `use "./${next}.merge" // ${'x'.repeat(characters)}` };
    };

  async function endOfChain(characters: number): Promise<{ read: number; message: string }> {
    const { recipe } = parse('use "./1.merge"');
    const { files } = await readImports(recipe, join(root, '0.merge'), chain(characters));
    const last = [...files.values()].at(-1)!;
    const answer = last.uses.get(`./${files.size + 1}.merge`);
    return { read: files.size, message: answer?.kind === 'fault' ? answer.message : '' };
  }

  it('of files', async () => {
    expect(await endOfChain(0)).toEqual({
      read: 200,
      message: 'This recipe uses more than 200 others.',
    });
  });

  it('of text in all', async () => {
    expect(await endOfChain(3 * 2 ** 20)).toEqual({
      read: 2,
      message: 'The recipes that this one uses are too long together.',
    });
  });

  it('of bytes in one', async () => {
    write({ 'large.merge': '' });
    truncateSync(join(root, 'large.merge'), 16 * 2 ** 20 + 1);
    const found = await said('r.merge', 'use "./large.merge"\nmerge m = linear([a, b])');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^MW2013 .* is larger than a recipe can be/);
  });
});
