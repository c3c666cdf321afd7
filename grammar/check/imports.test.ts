import { describe, expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import type { Checked } from './checked.ts';
import { sourcesOf } from './sources.ts';
import { testCatalogue } from './test-catalogue.ts';
import { importsOf } from './test-imports.ts';
import { headersFor, llama } from './test-models.ts';

type Files = Readonly<Record<string, string>>;

const common = `/// What every recipe of the team starts from.
model base = "./models/base"
model math = "./models/math"
/// Little of each.
let gentle: ties = { density: 10% }
layers early = 0..1
merge start = ties(base, [math], ...gentle)
expect gap(start, math) < 1
output start to "./out"
`;

function checked(text: string, files: Files, { deep = false } = {}): Checked {
  const parsed = parse(text);
  const imports = importsOf(parsed.recipe, files);
  const models = Object.fromEntries(
    sourcesOf(parsed.recipe, imports).map(({ name }) => [name, llama()]),
  );
  return check({
    text,
    ...parsed,
    catalogue: testCatalogue,
    imports,
    ...(deep ? { headers: headersFor(models) } : {}),
  });
}

/** Code, text underlined, message. */
function said(text: string, files: Files, options?: { readonly deep?: boolean }): string[] {
  return checked(text, files, options).diagnostics.map(
    ({ code, start, end, message }) => `${code} ${text.slice(start, end)}: ${message}`,
  );
}

describe('the names of another recipe', () => {
  it('come in under their own names', () => {
    const text = `use "./common.merge"
model code = "./models/code"
merge both = ties(base, [math, code], ...gentle, weight: { math: 0.6, code: 0.4 }) {
  at early { take math }
}
merge more = start + 0.5 * (code - base)
output more to "./out/more"`;
    expect(said(text, { 'common.merge': common }, { deep: true })).toEqual([]);
    const { steps, importedSteps, outputs, expectations } = checked(text, {
      'common.merge': common,
    });
    expect(steps.map(({ name }) => name)).toEqual(['both', 'more']);
    expect(importedSteps.map(({ name }) => name)).toEqual(['start']);
    expect([outputs.length, expectations.length]).toEqual([1, 0]);
  });

  it('stand behind a word', () => {
    const text = `use "./common.merge" as team
model base = "./models/other"
merge both = ties(team.base, [team.math, base], ...team.gentle, weight: { team.math: 0.6 }) {
  at team.early { weight.team.math = 0.5 }
}
merge again = team.start
output again to "./out/again"`;
    expect(said(text, { 'common.merge': common }, { deep: true })).toEqual([]);
  });

  it('are told with the place of their declaration', () => {
    const { imports } = checked('use "./common.merge" as team', { 'common.merge': common });
    expect(imports.map(({ name, kind, doc }) => [name, kind, doc])).toEqual([
      ['team.base', 'model', 'What every recipe of the team starts from.'],
      ['team.math', 'model', undefined],
      ['team.gentle', 'let', 'Little of each.'],
      ['team.early', 'layers', undefined],
      ['team.start', 'merge', undefined],
    ]);
    for (const { name, start, end } of imports) {
      expect(`team.${common.slice(start, end)}`).toBe(name);
    }
  });

  it('are looked up in the file they are written in', () => {
    const inner = 'model base = "./b"\nlet half = 0.5\nlet gentle = { density: half * 20% }';
    const text = `use "./inner.merge" as inner
model base = "./models/base"
model math = "./models/math"
let half = 900
merge m = ties(base, [math], ...inner.gentle)`;
    expect(said(text, { 'inner.merge': inner })).toEqual([]);
  });

  it('are not handed on by a file that uses them itself', () => {
    const files = {
      'common.merge': common,
      'sub/middle.merge': 'use "../common.merge"\nlet x = 1',
    };
    expect(said('use "./sub/middle.merge"\nlet y = x\nmerge m = base', files)).toEqual([
      'MW2001 base: Nothing is called `base`.',
    ]);
  });

  it('may come by two ways', () => {
    const files = {
      'common.merge': common,
      'a.merge': 'use "./common.merge"\nmerge a = ties(base, [math])',
      'b.merge': 'use "./common.merge"\nmerge b = ties(base, [math])',
    };
    const text = `use "./common.merge"
use "./a.merge"
use "./b.merge"
merge m = linear([a, b, start])`;
    expect(said(text, files, { deep: true })).toEqual([]);
  });
});

describe('what is wrong with an import', () => {
  it.each<[string, string, Files, string[]]>([
    [
      'a file that is not there',
      'use "./comon.merge"\nmerge m = linear([math, code])',
      { 'common.merge': common },
      ['MW2013 "./comon.merge": There is no file at comon.merge.'],
    ],
    [
      'a circle of two',
      'use "./a.merge"',
      { 'a.merge': 'use "./b.merge"\nlet a = 1', 'b.merge': 'use "./a.merge"\nlet b = 1' },
      [
        'MW2015 "./a.merge": `"./a.merge"` has an error in line 1: `"./b.merge"` has an error in line 1: `"./a.merge"` leads back to a recipe that is being read: imports can\'t run in a circle.',
      ],
    ],
    [
      'the recipe itself',
      'use "./recipe.merge"',
      {},
      ['MW2014 "./recipe.merge": `"./recipe.merge"` is this recipe itself.'],
    ],
    [
      'the way back',
      'use "./a.merge"',
      { 'a.merge': 'let a = 1\nuse "./recipe.merge"' },
      [
        'MW2015 "./a.merge": `"./a.merge"` has an error in line 2: `"./recipe.merge"` leads back to the recipe that uses this one.',
      ],
    ],
    [
      'errors of its own',
      'use "./a.merge"',
      { 'a.merge': 'let a = 1\nlet b =\nmerge c = tise(a)' },
      [
        'MW2015 "./a.merge": `"./a.merge"` has 2 errors, the first in line 2: A value is missing after `=`.',
      ],
    ],
    [
      'a clash',
      'use "./common.merge"\nmodel math = "./other"\nmerge m = linear([base, math])',
      { 'common.merge': common },
      [
        'MW2006 "./common.merge": `"./common.merge"` declares `math`, which this recipe has already: `as common` puts its names behind a word.',
      ],
    ],
    [
      'a name it does not declare',
      'use "./common.merge" as team\nmerge m = team.strat',
      { 'common.merge': common },
      ['MW2001 strat: `team` declares nothing called `strat`: did you mean `start`?'],
    ],
    [
      'the import as a value',
      'use "./common.merge" as team\nmerge m = team',
      { 'common.merge': common },
      ['MW2001 team: `team` is an import, and what it declares stands behind a dot: `team.base`.'],
    ],
    [
      'a value that does not fit here',
      'use "./sizes.merge" as of\nmodel a = "./a"\nmerge m = ties(a, [a - a], ...of.odd)',
      { 'sizes.merge': 'let odd = { density: 20 }' },
      ['MW3002 of.odd: `density` is 20; it must be a number from 0 to 1: did you mean `20%`?'],
    ],
  ])('%s', (_, text, files, findings) => {
    const shown = said(text, files);
    expect(shown.map((one) => one.split(' → ')[0])).toEqual(findings);
  });

  it('swallows what follows from the errors of an import', () => {
    const files = { 'a.merge': 'model a = "./a"\nlet b = 1 +' };
    const codes = said('use "./a.merge" as x\nmerge m = linear([x.a, x.c])', files);
    expect(codes.map((one) => one.slice(0, 6))).toEqual(['MW2015']);
    const plain = said('use "./a.merge"\nmerge m = linear([a, c])', files);
    expect(plain.map((one) => one.slice(0, 6))).toEqual(['MW2015']);
  });

  it('leads to each error, in its file', () => {
    const file = 'let a = 1\nmerge c = tise(a)';
    const [finding] = checked('use "./a.merge"', { 'a.merge': file }).diagnostics;
    const [related] = finding!.related!;
    expect(related!.file).toBe('a.merge');
    expect(file.slice(related!.start, related!.end)).toBe('tise');
  });
});

it('starts relative paths at the folder of the file they stand in', () => {
  const { recipe } = parse('use "../team/common.merge" as team\nmodel own = "./own"');
  const imports = importsOf(recipe, { 'team/common.merge': common }, 'recipes/r.merge');
  const mentions = sourcesOf(recipe, imports).map(({ name, reference }) => [name, reference]);
  expect(mentions).toEqual([
    ['team.base', { kind: 'path', path: '../team/models/base' }],
    ['team.math', { kind: 'path', path: '../team/models/math' }],
    ['own', { kind: 'path', path: './own' }],
  ]);
});
