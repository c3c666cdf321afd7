import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineMap } from './lines.ts';

test('lines and columns count from 1, whatever ends a line', () => {
  const map = lineMap('ab\r\nc\n\rde');
  expect(map.lineCount).toBe(4);
  expect([0, 2, 4, 5, 6, 7, 9].map((offset) => map.positionAt(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 3 },
  ]);
  expect([1, 2, 3, 4].map((line) => map.lineText(line))).toEqual(['ab', 'c', '', 'de']);
});

test('what lies outside is held inside', () => {
  const map = lineMap('ab\ncd');
  expect(map.positionAt(99)).toEqual({ line: 2, column: 3 });
  expect(map.positionAt(-1)).toEqual({ line: 1, column: 1 });
  expect(map.offsetAt({ line: 1, column: 99 })).toBe(2);
  expect(map.offsetAt({ line: 99, column: 1 })).toBe(3);
});

test('an offset and its position are the same place, but inside a line end', () => {
  const unit = fc.constantFrom('a', 'é', '𝄞', '\n', '\r\n', '\r', ' ');
  fc.assert(
    fc.property(fc.string({ unit }), fc.nat(), (text, seed) => {
      const offset = seed % (text.length + 1);
      const insideLineEnd = text.charAt(offset - 1) === '\r' && text.charAt(offset) === '\n';
      fc.pre(!insideLineEnd);
      const map = lineMap(text);
      expect(map.offsetAt(map.positionAt(offset))).toBe(offset);
    }),
  );
});
