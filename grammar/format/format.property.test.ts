import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lex } from '../syntax/lexer.ts';
import { parse } from '../syntax/parse.ts';
import { recipes, withoutSpans } from '../syntax/test-kit.ts';
import { format } from './format.ts';

/** What may stand between two tokens of a right recipe, by how likely it is. */
const gap = fc.oneof(
  { weight: 40, arbitrary: fc.constant(' ') },
  { weight: 4, arbitrary: fc.constantFrom('\n', '\r\n', '\n\n\n', '\t') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' // why\n', '\n// alone\n', '\n\n// apart\n\n', '\n/// doc\n'),
  },
);

/** A real recipe with its tokens, and other blanks and comments between them. */
const scattered = fc
  .constantFrom(...recipes.values())
  .map((text) => lex(text).tokens.map(({ image }) => image))
  .chain((tokens) =>
    fc
      .array(gap, { minLength: tokens.length, maxLength: tokens.length })
      .map((gaps) => tokens.map((image, index) => image + (gaps[index] ?? ' ')).join('')),
  );

test('formatting keeps the tree and every comment, and twice is once', () => {
  fc.assert(
    fc.property(scattered, (text) => {
      const before = parse(text);
      fc.pre(before.diagnostics.length === 0);
      const formatted = format(text);
      const after = parse(formatted);
      expect(after.diagnostics).toEqual([]);
      expect(withoutSpans(after.recipe)).toEqual(withoutSpans(before.recipe));
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: 400 },
  );
});

test('tokens keep their order and their text, but for commas', () => {
  const images = (text: string) =>
    lex(text)
      .tokens.map(({ image }) => image)
      .filter((image) => image !== ',');
  fc.assert(
    fc.property(scattered, (text) => {
      expect(images(format(text))).toEqual(images(text));
    }),
    { numRuns: 200 },
  );
});

test('names of any length move line breaks, never the tree', () => {
  const words = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...recipes.values()), words, (text, lengths) => {
      const renamed = lex(text)
        .tokens.map(({ image, tokenType, startOffset }, index, tokens) => {
          const length = lengths[image.length % lengths.length] ?? 1;
          const written = tokenType.name === 'Name' ? image.padEnd(length, '_') : image;
          const next = tokens[index + 1]?.startOffset ?? text.length;
          return written + text.slice(startOffset + image.length, next);
        })
        .join('');
      const formatted = format(renamed);
      expect(withoutSpans(parse(formatted).recipe)).toEqual(withoutSpans(parse(renamed).recipe));
      expect(format(formatted)).toBe(formatted);
    }),
    { numRuns: 300 },
  );
});
