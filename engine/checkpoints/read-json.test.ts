import { expect, test } from 'vitest';
import { parseJson, quoteNonFinite, restoreNonFinite } from './read-json.ts';

test('what Python writes for numbers that are none is kept, outside of texts alone', () => {
  const text =
    '{"a": [NaN, -Infinity, Infinity], "b": "NaN \\" Infinity", "NaN": 1, "c": "\\\\", "d": NaN}';
  const quoted = quoteNonFinite(text);
  expect(JSON.parse(quoted)).toMatchObject({
    a: ['\u{f8ff}non-finite:NaN', '\u{f8ff}non-finite:-Infinity', '\u{f8ff}non-finite:Infinity'],
    b: 'NaN " Infinity',
    NaN: 1,
    c: '\\',
  });
  expect(restoreNonFinite(quoted)).toBe(text);
});

test.each([
  ['of quotation marks that are escaped', 'NaN' + '\\"'.repeat(2_000_000)],
  ['of a text without an end', 'NaN"' + 'x'.repeat(4_000_000)],
  ['of many numbers that are none', `[${'NaN,'.repeat(1_000_000)}NaN]`],
  ['of brackets', 'NaN' + '[{'.repeat(2_000_000)],
])('four megabytes %s are read in a moment', (_, text) => {
  const start = performance.now();
  parseJson(text, { deepest: 64 });
  expect(performance.now() - start).toBeLessThan(4000);
});

test('what is wrong is told without the characters that it is wrong by', () => {
  const read = parseJson('{"a": \u001b[2J}', { deepest: 8 });
  expect(read).toMatchObject({
    ok: false,
    what: expect.stringMatching(/^is not JSON \(.*\\u\{1b\}/),
  });
  expect(read.ok ? '' : read.what).not.toMatch(/\p{Cc}/u);
});
