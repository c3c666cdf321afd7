import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesText, countText, secondsText, shareText } from './amounts.ts';
import { cellText, figureText, twoDigits } from './figures.ts';

const exact = (value: number) => ({ value, exact: true });
const sampled = (value: number, standardError: number) => ({ value, standardError, exact: false });

test('figures have two significant digits, their unit and, sampled, their error', () => {
  expect(figureText(exact(1.8732), 'percent')).toBe('187 %');
  expect(figureText(exact(0.19628), 'percent')).toBe('20 %');
  expect(figureText(exact(0.0208), 'percent')).toBe('2.1 %');
  expect(figureText(sampled(0.0208, 0.0002), 'percent')).toBe('2.1 ± 0.02 %');
  expect(figureText(sampled(0.58, 0.0123), 'percent')).toBe('58 ± 1 %');
  expect(figureText(sampled(0.00621, 0.0003), 'percent')).toBe('0.62 ± 0.03 %');
  expect(figureText(exact(0), 'percent')).toBe('0 %');
  expect(figureText(sampled(-0.131, 0.02), 'cosine')).toBe('−0.13 ± 0.02');
  expect(figureText(exact(0.001), 'cosine')).toBe('0.00');
  expect(figureText(undefined, 'percent')).toBe('–');
});

test('cells are as short as figures can be', () => {
  expect(
    [0, 0.00001, 0.0004, 0.0099, 0.099, 0.9961, 2.654].map((value) => cellText(value, 'percent')),
  ).toEqual(['0', '<.01', '.04', '1.0', '9.9', '100', '265']);
  expect([0.26, -0.131, 1, 0].map((value) => cellText(value, 'cosine'))).toEqual([
    '+.26',
    '−.13',
    '+1.00',
    '.00',
  ]);
});

test('what is written is within half a digit of what was meant', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 9999, noNaN: true }), (value) => {
      expect(Math.abs(Number(twoDigits(value)) - value)).toBeLessThanOrEqual(
        value >= 9.95 ? 0.5 : 0.0501 * value,
      );
    }),
  );
});

test('bytes, seconds, counts and shares', () => {
  expect([0, 999, 1000, 169_304, 3_087_467_144, 61e9].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '169 kB',
    '3.1 GB',
    '61 GB',
  ]);
  expect([0.02, 0.31, 3, 9.6, 75, 200, 9000].map(secondsText)).toEqual([
    '0.02 s',
    '0.3 s',
    '3 s',
    '10 s',
    '75 s',
    '3 min',
    '2 h 30 min',
  ]);
  expect([7, 8192, 16_777_216].map(countText)).toEqual(['7', '8,192', '16,777,216']);
  expect(shareText(480, 120_000)).toBe('0.4 %');
  expect(shareText(9_999, 10_000)).toBe('99 %');
  expect(shareText(0, 0)).toBe('0 %');
});
