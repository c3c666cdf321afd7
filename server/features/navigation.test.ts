import { describe, expect, it } from 'vitest';
import { nameAt } from '../analysis/targets.ts';
import { check, shownBelow } from '../test-kit.ts';
import { definitionAt, highlightsAt, referencesIn } from './navigation.ts';
import { renameableAt, renamed as renamedIn } from './rename.ts';

const recipe = `model e‸xpert = "./expert"
let weights = { expert: 0.5, math: 1 }
param keep = 40%
merge m = ties(base, [expert { density: keep }, math], weight: weights) {
  at all { weight.expert = 2 }
  at attention { take expert }
  at mlp { density = { expert: keep } }
}
expect gap(m, expert) < 120%
output m to "./m" { tokenizer = union([base, expert]), tokens = { "<a>": expert } }`;

function referenced(text: string, withDeclaration = true): string {
  const { analysis, offset } = check(text);
  const { target } = nameAt(analysis, offset)!;
  return shownBelow(analysis, referencesIn(analysis, target, { withDeclaration }));
}

describe('references', () => {
  it('are all mentions: uses, keys of maps, settings', () => {
    expect(referenced(recipe)).toMatchInlineSnapshot(`
      "model ⟦expert⟧ = "./expert"
      let weights = { ⟦expert⟧: 0.5, math: 1 }
      param keep = 40%
      merge m = ties(base, [⟦expert⟧ { density: keep }, math], weight: weights) {
        at all { weight.⟦expert⟧ = 2 }
        at attention { take ⟦expert⟧ }
        at mlp { density = { ⟦expert⟧: keep } }
      }
      expect gap(m, ⟦expert⟧) < 120%
      output m to "./m" { tokenizer = union([base, ⟦expert⟧]), tokens = { "<a>": ⟦expert⟧ } }"
    `);
  });

  it('leave out the declaration where it is not asked for', () => {
    expect(referenced('merge m‸ = base\noutput m to "./m"', false)).toMatchInlineSnapshot(`
      "merge m = base
      output ⟦m⟧ to "./m""
    `);
  });

  it('tell a model from a word of a choice and a part of the same name', () => {
    expect(
      referenced('merge su‸m = ties(base, [math], combine: sum)\nmerge n = lerp(sum, math, t: 0)'),
    ).toMatchInlineSnapshot(`
      "merge ⟦sum⟧ = ties(base, [math], combine: sum)
      merge n = lerp(⟦sum⟧, math, t: 0)"
    `);
  });
});

describe('definition', () => {
  it('leads to the name of the declaration', () => {
    const { analysis, offset } = check('param keep = 1\nmerge m = scale(base, by: ke‸ep)');
    const found = definitionAt(analysis, offset)!;
    expect(shownBelow(analysis, [found.name])).toMatchInlineSnapshot(`
      "param ⟦keep⟧ = 1
      merge m = scale(base, by: keep)"
    `);
    expect(shownBelow(analysis, [found.statement])).toMatchInlineSnapshot(`
      "⟦param keep = 1⟧
      merge m = scale(base, by: keep)"
    `);
  });

  it('finds nothing for what nothing declares', () => {
    const { analysis, offset } = check('merge m = unkno‸wn');
    expect(definitionAt(analysis, offset)).toBeUndefined();
  });
});

describe('highlights', () => {
  it('mark parameters and methods too', () => {
    const { analysis, offset } = check(
      'merge m = ties(base, [math], den‸sity: 20%) { at all { density = 40% } }',
    );
    expect(shownBelow(analysis, highlightsAt(analysis, offset))).toMatchInlineSnapshot(
      `"merge m = ties(base, [math], ⟦density⟧: 20%) { at all { ⟦density⟧ = 40% } }"`,
    );
  });
});

function renamed(text: string, newName: string): string {
  const { analysis, offset } = check(text);
  const found = renameableAt(analysis, offset);
  if (found === undefined) return 'nothing';
  const renaming = renamedIn(found.target, newName, { analyses: [analysis], faults: [] });
  if (renaming.kind === 'refused') return renaming.reason;
  return shownBelow(analysis, renaming.places[0]!.spans);
}

describe('rename', () => {
  it('reaches every use', () => {
    expect(renamed(recipe, 'coder')).toBe(referenced(recipe));
  });

  it('says what it would rename', () => {
    const { analysis, offset } = check('merge m = ties(ba‸se, [math])');
    expect(renameableAt(analysis, offset)?.name).toBe('base');
    const method = check('merge m = ti‸es(base, [math])');
    expect(renameableAt(method.analysis, method.offset)).toBeUndefined();
  });

  it('refuses what is no name, taken or would hide a part in use', () => {
    expect(renamed('merge m‸ = base', 'a-b')).toMatchInlineSnapshot(
      `"a-b is no name: a name is ASCII letters, digits and _, and begins with no digit."`,
    );
    expect(renamed('merge m‸ = base', 'merge')).toMatchInlineSnapshot(
      `"merge is a reserved word."`,
    );
    expect(renamed('merge m‸ = base', 'math')).toMatchInlineSnapshot(`"math is declared already."`);
    expect(
      renamed('merge m‸ = lerp(base, math, t: 0) { at mlp { t = 1 } }', 'mlp'),
    ).toMatchInlineSnapshot(`"mlp would hide the part of that name, which this recipe uses."`);
    expect(renamed('merge m = un‸known', 'x')).toBe('nothing');
  });

  it('works on broken text', () => {
    expect(renamed('merge m‸ = ties(base, [\noutput m to "./m', 'n')).toMatchInlineSnapshot(`
      "merge ⟦m⟧ = ties(base, [
      output ⟦m⟧ to "./m"
    `);
  });
});
