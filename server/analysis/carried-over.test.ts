import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, marked, prelude } from '../test-kit.ts';
import { carriedOver, stretchBetween } from './carried-over.ts';

/** What is told at once of a changed text whose headers have not been asked again. */
function carried(before: string, now: string): string {
  const options = { models: { math: { width: 16 } } };
  const old = check(before, options).analysis;
  const { analysis } = check(now, { models: null });
  const findings = carriedOver(old, analysis);
  return [
    marked(analysis.text, findings).slice(prelude.length),
    ...findings.map(({ code }) => code),
  ].join('\n');
}

describe('findings of headers', () => {
  const wrong = 'merge m = ties(base, [math])';

  it('move with their text', () => {
    expect(carried(wrong, `// more\n${wrong}`)).toMatchInlineSnapshot(`
      "// more
      merge m = ties(base, [⟦math⟧])
      MW4104"
    `);
  });

  it('go with the text that changes', () => {
    expect(carried(wrong, 'merge m = ties(base, [maths])')).toMatchInlineSnapshot(`
      "merge m = ties(base, [⟦maths⟧])
      MW2001"
    `);
  });

  it('stand beside what the new text has wrong with itself', () => {
    expect(carried(wrong, `${wrong}\nmerge n = unheard`)).toMatchInlineSnapshot(`
      "merge m = ties(base, [⟦math⟧])
      merge n = ⟦unheard⟧
      MW4104
      MW2001"
    `);
  });
});

describe('the change between two texts', () => {
  it('is all that differs', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, now) => {
        const { start, end, by } = stretchBetween(before, now);
        expect(before.slice(0, start) + now.slice(start, end + by) + before.slice(end)).toBe(now);
      }),
    );
  });
});
