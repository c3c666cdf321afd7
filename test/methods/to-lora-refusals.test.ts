/** Recipes whose adapters are refused before anything is read, and what a plan tells of one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { told, type Told } from '../kit/in-process.ts';
import { testFolder, writeRecipe } from '../kit/merge.ts';
import { writeSparseModel } from '../kit/sparse-model.ts';
import { base, filled, prelude, writeAdapters } from '../kit/written-adapter.ts';

test.each([
  ['merge a = to_lora(math - base)\noutput a to "./out"', 'MW3036'],
  ['merge a = to_lora(ties([style, hero], density: 20%))\noutput a to "./out"', 'MW3036'],
  ['merge d = style { at "*q_proj*" { take math - base } }\nmerge a = to_lora(d)', 'MW3036'],
  ['merge a = to_lora(style)\nmerge m = base + a\noutput m to "./out"', 'MW3035'],
  ['merge a = to_lora(style)\nmerge b = to_lora(a, rank: 1)\noutput b to "./out"', 'MW3035'],
  ['merge m = base + to_lora(style)\noutput m to "./out"', 'MW3035'],
  ['merge a = to_lora(style)\nexpect finite(a)\noutput a to "./out"', 'MW3035'],
  ['merge a = to_lora(style)\nmerge d = style { at "*q_proj*" { take a } }', 'MW3035'],
  ['merge a = to_lora(style) { at "*q_proj*" { take hero } }\noutput a to "./out"', 'MW3035'],
  ['merge a = style\noutput a to "./out"', 'MW3028'],
  ['merge a = to_lora(style)\noutput a to "./out" { shards = 5 MB }', 'MW3114'],
  ['merge a = to_lora(style)\noutput a to "./out" { tokenizer = base }', 'MW3114'],
  ['merge a = to_lora(style, compat: mergekit)\noutput a to "./out"', 'MW2003'],
  ['merge a = to_lora(style - style)\noutput a to "./out"', undefined],
])('%s', async (text, code) => {
  using folder = testFolder();
  writeAdapters(folder.path);
  const path = writeRecipe(folder.path, { base, math: filled(90) }, `${prelude}${text}`);
  const { checked } = valueOf(await openRecipe(path));
  const codes = checked.diagnostics.map((found) => found.code).filter((of) => of !== 'MW2017');
  expect(codes).toEqual(code === undefined ? [] : [code]);
});

test('an adapter of nothing is refused, and a plan tells what will be left out', async () => {
  using folder = testFolder();
  writeAdapters(folder.path);
  const none = `${prelude}merge a = to_lora(style - style)\noutput a to "./out"`;
  const path = writeRecipe(folder.path, { base, math: filled(90) }, none);
  const refused = await told('plan', path);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('MW4527');
  expect(refused.err).toContain('a changes no matrix that an adapter could hold');
  const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
  writeRecipe(folder.path, { base, math: filled(90) }, text);
  const { out } = await told('plan', path);
  expect(out).toContain('an adapter of 5 modules');
  expect(out).toContain(
    'note    one tensor that an adapter cannot hold will be left out, as far as they change: model.norm.weight',
  );
});

test('a rank for which WebAssembly has no memory is refused by the plan, and a smaller one is not', async () => {
  using folder = testFolder();
  const path = writeRecipe(folder.path, {}, '');
  const planOf = (rank: number): Promise<Told> => {
    const text = `model base = "./base"
model math = "./math"
merge small = to_lora(math - base, rank: ${rank})
output small to "./out"`;
    writeFileSync(path, text);
    return told('plan', path);
  };
  for (const name of ['base', 'math'])
    writeSparseModel(join(folder.path, name), { bytes: 150_000 * 8192, largest: 150_000 * 8192 });
  const refused = await planOf(3000);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('MW4528');
  expect(refused.err).toContain('model.embed_tokens.weight of [150000, 4096]');
  // A machine may have too little memory for that one; WebAssembly has enough.
  expect((await planOf(256)).err).not.toContain('MW4528');
});
