import { expect, test } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { firstRecipe } from './first-recipe.ts';

test('the base comes first, and what lies below the folder is written from there', () => {
  expect(
    firstRecipe(['/home/ada/models/math', '/home/ada/models/tiny-base', '/far/code'], '/home/ada'),
  ).toMatchInlineSnapshot(`
    "model tiny_base = "./models/tiny-base"
    model math = "./models/math"
    model code = "/far/code"

    merge merged = ties(tiny_base, [math, code], density: 50%)

    output merged to "./out/merged"
    "
  `);
});

test.each([
  ['one folder alone', ['/m/only']],
  ['two of one name', ['/a/model-x', '/b/model-x']],
  ['words of the language', ['/m/merge', '/m/output', '/m/merged', '/m/at']],
  ['words of places and methods', ['/m/attention', '/m/all', '/m/ties', '/m/head']],
  ['names that begin with a digit or hold none of our letters', ['/m/7b-v2', '/m/модель']],
])('it is a sound recipe in its normal form, of %s', (_, models) => {
  const text = firstRecipe(models, '/m');
  const { recipe, diagnostics } = parse(text);
  const found = check({ text, recipe, diagnostics, catalogue }).diagnostics;
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(format(text)).toBe(text);
});
