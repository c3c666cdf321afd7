import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsToF32, f32, f32Bits } from './decimal.ts';

test('a double becomes the nearest f32, ties to even', () => {
  expect(f32(0.1)).toBe(0.10000000149011612);
  expect(f32(1 + 2 ** -24)).toBe(1);
  expect(f32(1 + 3 * 2 ** -24)).toBe(1 + 2 ** -22);
  expect(f32(3.5e38)).toBe(Infinity);
});

test('bits', () => {
  expect(f32Bits(1)).toBe(0x3f800000);
  expect(f32Bits(-0)).toBe(0x80000000);
  expect(f32Bits(0.1)).toBe(0x3dcccccd);
  expect(f32Bits(2 ** -149)).toBe(1);
  expect(f32Bits(NaN)).toBe(0x7fc00000);
  expect(f32Bits(bitsToF32(0xffc00001))).toBe(0x7fc00000);
  expect(bitsToF32(0xc0000000)).toBe(-2);
  expect(bitsToF32(0xc0000000 | 0)).toBe(-2);
});

test('bits and value are two forms of one number', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(word, (bits) => {
      fc.pre((bits & 0x7fffffff) <= 0x7f800000);
      expect(f32Bits(bitsToF32(bits))).toBe(bits);
    }),
  );
});
