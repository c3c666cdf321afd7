import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkRecipe } from './open-recipe.ts';

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
    'shared/common.merge': 'use "./values.merge" as values\nlet keep = values.some',
    'shared/values.merge': 'let some = 20%',
  });
  const text = 'use "../shared/common.merge" as team\nlet gentle: ties = { density: team.keep }';
  const { imports, checked } = await checkRecipe(text, join(root, 'recipes/r.merge'));
  expect(checked.diagnostics).toEqual([]);
  expect([...imports.files.values()].map(({ folder }) => folder)).toEqual([
    '../shared',
    '../shared',
  ]);
});

it('finds models of an import beside that import', async () => {
  write({ 'shared/common.merge': 'model base = "./nowhere"' });
  const found = await said('recipes/r.merge', 'use "../shared/common.merge"\nmerge m = base');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^MW2015 .*shared[\\/]nowhere/);
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
