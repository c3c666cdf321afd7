import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differingLines, type TextLine } from './text-lines.ts';

function shown(lines: readonly TextLine[]): string {
  return lines
    .map(({ kind, line, text }) => `${kind === 'removed' ? '-' : '+'}${line} ${text}`)
    .join('\n');
}

/** Carries lines out: what is removed goes, what is added stands where it says. */
function applied(text: string, lines: readonly TextLine[]): string {
  const removed = new Set(lines.flatMap(({ kind, line }) => (kind === 'removed' ? [line] : [])));
  const kept = text.split('\n').filter((_, index) => !removed.has(index + 1));
  for (const { kind, line, text: added } of lines)
    if (kind === 'added') kept.splice(line - 1, 0, added);
  return kept.join('\n');
}

test('a line that was changed, one that went and one that came', () => {
  expect(shown(differingLines('a\nb\nc\nd\ne\n', 'a\nB\nc\ne\nf\n'))).toMatchInlineSnapshot(`
    "-2 b
    +2 B
    -4 d
    +5 f"
  `);
});

test('ends of lines do not show', () => {
  expect(differingLines('a\r\nb\r\n', 'a\nb')).toEqual([]);
});

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'merge m = x'), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.join('\n'));

test('carried out on the one they give the other, and of one text they are none', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(applied(a, differingLines(a, b))).toBe(b);
      expect(differingLines(a, a)).toEqual([]);
      expect(differingLines(b, a)).toHaveLength(differingLines(a, b).length);
    }),
  );
});

test('texts too long for the table of common lines: all between equal ends', () => {
  const many = (first: string): string =>
    [first, ...Array.from({ length: 2500 }, (_, index) => `line ${first}${index}`), 'end'].join(
      '\n',
    );
  expect(differingLines(`same\n${many('a')}`, `same\n${many('b')}`)).toHaveLength(2 * 2501);
});
