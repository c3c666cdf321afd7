import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecipeShelf } from './recipe-shelf.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shelf-'));
  writeFileSync(join(folder, 'common.merge'), 'let keep = 20%');
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = 'use "./common.merge"\nlet gentle: ties = { density: keep }';
const recipe = (written = text) => ({
  path: join(folder, 'r.merge'),
  text: written,
  textVersion: 1,
});

test('what asks for the same recipe at once gets one check', async () => {
  const shelf = new RecipeShelf();
  const [first, second] = await Promise.all([shelf.open(recipe()), shelf.open(recipe())]);
  expect(second).toBe(first);
  expect(await shelf.open(recipe())).toBe(first);
  expect(await shelf.open(recipe(`${text}\n`))).not.toBe(first);
});

test('an import that changes on disk is seen at once, and by all who ask', async () => {
  const shelf = new RecipeShelf();
  const before = await shelf.open(recipe());
  expect(before.checked.diagnostics).toEqual([]);
  writeFileSync(join(folder, 'common.merge'), 'let kept = 20%');
  const [one, other] = await Promise.all([shelf.open(recipe()), shelf.open(recipe())]);
  expect(one.checked.diagnostics.map(({ code }) => code)).toContain('MW2001');
  expect(other).toBe(one);
});

test('an import that vanishes is missed at once', async () => {
  const shelf = new RecipeShelf();
  await shelf.open(recipe());
  rmSync(join(folder, 'common.merge'));
  const { checked } = await shelf.open(recipe());
  expect(checked.diagnostics.map(({ code }) => code)).toContain('MW2013');
});
