import { describe, expect, it } from 'vitest';
import { refactoringsAt } from '../features/code-actions.ts';
import { check, prelude } from '../test-kit.ts';
import { edited } from './refactoring.ts';

/** The text below the models after the refactoring whose title begins so; undefined where it is not offered. */
function refactored(marked: string, title: string): string | undefined {
  const { analysis, ranges, offset } = check(marked);
  const span = ranges[0] ?? { start: offset, end: offset };
  const found = refactoringsAt(analysis, span).find((of) => of.title.startsWith(title));
  return found && edited(analysis.text, found.edits).slice(prelude.length);
}

describe('extract', () => {
  it('names a value above its statement', () => {
    expect(refactored('merge m = ties(base, [math], density: ⟦40%⟧)', 'Extract'))
      .toMatchInlineSnapshot(`
      "let the_density = 40%
      merge m = ties(base, [math], density: the_density)"
    `);
  });

  it('names a curve of a rule, a Delta, a list and a map', () => {
    expect(
      refactored('merge m = lerp(base, math, t: 0.5) { at all { t = ⟦curve(0, 1)⟧ } }', 'Extract'),
    ).toMatchInlineSnapshot(`
      "let the_t = curve(0, 1)
      merge m = lerp(base, math, t: 0.5) { at all { t = the_t } }"
    `);
    expect(refactored('merge m = base + 0.5 * (⟦math - code⟧)', 'Extract')).toMatchInlineSnapshot(`
      "let the_change = math - code
      merge m = base + 0.5 * (the_change)"
    `);
    expect(refactored('merge m = ties(base, ⟦[math, code]⟧)', 'Extract')).toMatchInlineSnapshot(`
      "let the_experts = [math, code]
      merge m = ties(base, the_experts)"
    `);
  });

  it('goes above what documents the statement, and takes a free name', () => {
    const text = `let the_density = 10%
/// The first.
merge m = ties(base, [math], density: ⟦40%⟧)`;
    expect(refactored(text, 'Extract')).toMatchInlineSnapshot(`
      "let the_density = 10%
      let the_density_2 = 40%
      /// The first.
      merge m = ties(base, [math], density: the_density_2)"
    `);
  });

  it('is not offered for what no let can hold, or for half an expression', () => {
    expect(refactored('merge m = ⟦ties(base, [math])⟧', 'Extract')).toBeUndefined();
    expect(refactored('merge m = ties(⟦base⟧, [math])', 'Extract')).toBeUndefined();
    expect(refactored('merge m = ties(base, [math], ⟦density: 4⟧0%)', 'Extract')).toBeUndefined();
    expect(
      refactored('merge m = ties(base, [math]) { at ⟦"*.mlp.*"⟧ { density = 10% } }', 'Extract'),
    ).toBeUndefined();
  });
});

describe('inline', () => {
  it('writes a value wherever its name stood', () => {
    const text = `/// How much is kept.
let ke‸ep = 40%
merge m = ties(base, [math], density: keep) { at all { density = keep } }`;
    expect(refactored(text, 'Inline')).toBe(
      'merge m = ties(base, [math], density: 40%) { at all { density = 40% } }',
    );
  });

  it('puts parentheses where an operator beside it would take a part', () => {
    const text = `let change = math - code
merge m = base + 0.5 * ‸change`;
    expect(refactored(text, 'Inline')).toBe('merge m = base + 0.5 * (math - code)');
  });

  it('is not offered where a map needs the name, where a comment would go, or for other names', () => {
    const mapped = `let change = math - code
merge m = ties(base, [‸change], weight: { change: 0.5 })`;
    expect(refactored(mapped, 'Inline')).toBeUndefined();
    const commented = `let shape = curve(
  0, // the first
  1,
)
merge m = lerp(base, math, t: ‸shape)`;
    expect(refactored(commented, 'Inline')).toBeUndefined();
    expect(refactored('merge m = ties(‸base, [math])', 'Inline')).toBeUndefined();
  });
});

describe('values by model', () => {
  const list = 'merge m = ties(base, [math, code], wei‸ght: [0.6, 0.4], density: 30%)';

  it('become a map', () => {
    expect(refactored(list, 'Write weight as a map')).toBe(
      'merge m = ties(base, [math, code], weight: { math: 0.6, code: 0.4 }, density: 30%)',
    );
  });

  it('go to the experts', () => {
    expect(refactored(list, 'Write weight at each')).toBe(
      'merge m = ties(base, [math { weight: 0.6 }, code { weight: 0.4 }], density: 30%)',
    );
    const mixed = 'merge m = ties(base, [math { density: 20% }, code], weight: { ‸code: 0.4 })';
    expect(refactored(mixed, 'Write weight at each')).toBe(
      'merge m = ties(base, [math { density: 20% }, code { weight: 0.4 }])',
    );
  });

  it('come back from the experts', () => {
    const own = 'merge m = ties(base, [math { wei‸ght: 0.6, density: 20% }, code { weight: 0.4 }])';
    expect(refactored(own, 'Write weight as a map')).toBe(
      'merge m = ties(base, [math { density: 20% }, code], weight: { math: 0.6, code: 0.4 })',
    );
  });

  it('stay where an expert has no name, or a comment stands among them', () => {
    const nameless = 'merge m = ties(base, [math - chat, code], wei‸ght: [0.6, 0.4])';
    expect(refactored(nameless, 'Write weight')).toBeUndefined();
    const commented = `merge m = ties(base, [math, code], wei‸ght: [
  0.6, // more
  0.4,
])`;
    expect(refactored(commented, 'Write weight')).toBeUndefined();
  });
});
