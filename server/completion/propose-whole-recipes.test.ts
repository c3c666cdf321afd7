import { expect, test } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { plainText } from './proposal.ts';
import { proposeWholeRecipes } from './propose-whole-recipes.ts';

test.each(proposeWholeRecipes().map(({ label, snippet }) => [label, plainText(snippet!)]))(
  '%s is a sound recipe in its normal form',
  (_, text) => {
    const { recipe, diagnostics } = parse(text);
    expect(check({ text, recipe, diagnostics, catalogue }).diagnostics).toEqual([]);
    expect(format(text)).toBe(text);
  },
);
