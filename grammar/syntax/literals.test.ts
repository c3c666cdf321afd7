import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesValue, durationSeconds, numberValue, textValue, unknownEscape } from './literals.ts';

test('a percentage is the decimal literal with its point moved', () => {
  expect(numberValue('40%')).toBe(40e-2);
  expect(numberValue('7%')).toBe(7e-2);
  expect(numberValue('0.29%')).toBe(0.29e-2);
  expect(numberValue('1e1%')).toBe(0.1);
  // Dividing by 100 rounds twice and misses some of them.
  expect(numberValue('0.7%')).toBe(0.007);
});

test('sizes are bytes and times are seconds', () => {
  expect(bytesValue('5 GB')).toBe(5e9);
  expect(bytesValue('512MiB')).toBe(512 * 2 ** 20);
  expect(bytesValue('1.5 kB')).toBe(1500);
  expect(durationSeconds('20 min')).toBe(1200);
  expect(durationSeconds('250 ms')).toBe(0.25);
  expect(durationSeconds('2h')).toBe(7200);
});

test('every JSON text is read as JSON reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(textValue(JSON.stringify(text))).toBe(text);
    }),
  );
});

test('an unknown escape makes every backslash a slash', () => {
  expect(unknownEscape('G:\\Models\\new')).toBe(2);
  expect(textValue('"G:\\Models\\new"')).toBe('G:/Models/new');
  expect(unknownEscape('\\u00e9\\\\x')).toBeUndefined();
  expect(unknownEscape('\\u00g9')).toBe(0);
});
