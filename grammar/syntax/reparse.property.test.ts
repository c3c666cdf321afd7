import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';
import { reparse } from './reparse.ts';

const folder = new URL('../../test/fixtures/recipes/', import.meta.url);
const recipes = readdirSync(folder)
  .filter((name) => name.endsWith('.merge'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** A cut and what is written in its place. */
const edit = fc.record({
  at: fc.nat(),
  length: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
  written: fc.oneof(
    fc.constantFrom(
      ...['', 'x', ' ', '\n', '\n\n', '{', '}', '(', ')', ']', '"', "'", ',', '.', ':', '=', '#'],
      ...['// note\n', '/// told\n', 'merge ', 'layers ', '\nmerge m = ', 'at ', 'use code', 'ö'],
      ...['\nmodle x = "./x"\n', '\r\n', '5 G', '%', '/', '😀', 'model a = "./a" model b = "./b"'],
    ),
    fc.string({ maxLength: 6 }),
  ),
});

function edited(
  text: string,
  { at, length, written }: typeof edit extends fc.Arbitrary<infer E> ? E : never,
) {
  const start = at % (text.length + 1);
  return text.slice(0, start) + written + text.slice(start + length);
}

describe('reading again after edits', () => {
  it('gives what reading the whole text gives', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recipes),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        (recipe, edits) => {
          let text = recipe;
          let parsed = parse(text);
          for (const one of edits) {
            const next = edited(text, one);
            parsed = reparse({ text, parsed }, next);
            text = next;
            const whole = parse(text);
            expect(parsed.recipe).toEqual(whole.recipe);
            expect(parsed.diagnostics).toEqual(whole.diagnostics);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes over the statements that an edit does not touch', () => {
    const text = Array.from({ length: 20 }, (_, i) => `model m${i} = "./m${i}"\n`).join('');
    const parsed = parse(text);
    const again = reparse({ text, parsed }, text.replace('./m10"', './other"'));
    const kept = again.recipe.statements.filter((of) => parsed.recipe.statements.includes(of));
    expect(kept).toHaveLength(10);
  });
});
