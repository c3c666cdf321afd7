/** Whatever is written, import answers: with a recipe that parses, or with findings inside the text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { configurations } from './configurations.ts';

const all = configurations();

function answers(text: string): void {
  const { recipe, findings } = importYaml({ text, title: 'any' });
  for (const { start, end } of findings) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(start).toBeLessThanOrEqual(end);
  }
  const hasError = findings.some(({ severity }) => severity === 'error');
  expect(recipe === undefined).toBe(hasError);
  if (recipe !== undefined) expect(parse(recipe.text).diagnostics).toEqual([]);
}

test('a configuration cut off anywhere', () => {
  for (const { text } of all.filter((one) => one.text.length < 1200)) {
    for (let end = 0; end < text.length; end += 7) answers(text.slice(0, end));
  }
});

test('configurations with lines dropped, doubled and put elsewhere', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('drop', 'double', 'move', 'indent')), {
        minLength: 1,
        maxLength: 4,
      }),
      ({ text }, changes) => {
        const lines = text.split('\n');
        for (const [from, to, change] of changes) {
          const at = from % lines.length;
          const line = lines[at]!;
          if (change === 'drop') lines.splice(at, 1);
          else if (change === 'double') lines.splice(at, 0, line);
          else if (change === 'indent') lines[at] = ` ${line}`;
          else {
            lines.splice(at, 1);
            lines.splice(to % (lines.length + 1), 0, line);
          }
          if (lines.length === 0) lines.push('');
        }
        answers(lines.join('\n'));
      },
    ),
    { numRuns: 400 },
  );
});

test('any letters', () => {
  const yamlLetters = fc.constantFrom(...'abm:-# \n[]{},&*<|>@+"\'.0123456789%!?~'.split(''));
  fc.assert(fc.property(fc.string({ unit: yamlLetters, maxLength: 120 }), answers), {
    numRuns: 500,
  });
});
