import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from './packed.ts';

/** As a channel hands it on: the text as it is, each buffer its own. */
function carried<T>(value: T): T {
  const { text, buffers } = pack(value);
  return unpack<T>({ text, buffers: buffers.map((buffer) => buffer.slice(0)) });
}

test('zeros keep their sign, and numbers that are none keep what they are', () => {
  const numbers = [0, -0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308];
  expect(carried(numbers)).toStrictEqual(numbers);
});

test('lists keep what is missing in them, and views show their own bytes alone', () => {
  const sums = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  const counts = new Uint32Array([5, 6, 7]).subarray(1);
  const value = { bins: [undefined, counts], sums, hash: new Uint8Array([7, 8]) };
  expect(carried(value)).toStrictEqual({
    bins: [undefined, new Uint32Array([6, 7])],
    sums: new Float64Array([2, 3]),
    hash: new Uint8Array([7, 8]),
  });
});

test('a counter in shared memory becomes one of its own', () => {
  const counter = new SharedArrayBuffer(4);
  const { counter: copy } = carried({ counter: counter as ArrayBufferLike });
  expect(copy).toBeInstanceOf(ArrayBuffer);
  expect(copy.byteLength).toBe(4);
});

test('any plain data', () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.uint32Array(),
      fc.float64Array(),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  })).value;
  fc.assert(
    fc.property(values, (value) => {
      expect(carried(value)).toStrictEqual(value);
    }),
  );
});

test('what is no plain data is a bug', () => {
  expect(() => pack({ table: new Map() })).toThrow('plain data');
});
