import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrix, type Matrix, transpose } from './matrix.ts';
import { multiply } from './multiply.ts';
import { noise } from './test-matrices.ts';

/** The definition. */
function oracle(a: Matrix, b: Matrix): Matrix {
  const product = matrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.columns; j++) {
      let sum = 0;
      for (let k = 0; k < a.columns; k++)
        sum += a.values[i * a.columns + k]! * b.values[k * b.columns + j]!;
      product.values[i * b.columns + j] = sum;
    }
  return product;
}

/** Bit for bit; every NaN counts as one. */
function expectSame(made: Matrix, wanted: Matrix): void {
  expect([made.rows, made.columns]).toEqual([wanted.rows, wanted.columns]);
  const differ = made.values.findIndex((value, at) => !Object.is(value, wanted.values[at]));
  expect(differ).toBe(-1);
}

function check(a: Matrix, b: Matrix): void {
  const wanted = oracle(a, b);
  expectSame(multiply(a, b), wanted);
  expectSame(multiply(transpose(a), b, { transposed: 'left' }), wanted);
  expectSame(multiply(a, transpose(b), { transposed: 'right' }), wanted);
}

const side = fc.oneof(fc.constantFrom(0, 1, 3, 4, 5, 7, 8, 9), fc.integer({ min: 0, max: 40 }));
const wide = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.double(),
  fc.constantFrom(0, -0, 5e-324, -1e-310, 1e308, Infinity, NaN),
);

function filled(rows: number, columns: number, value: fc.Arbitrary<number>): fc.Arbitrary<Matrix> {
  const length = rows * columns;
  return fc
    .array(value, { minLength: length, maxLength: length })
    .map((values) => matrix(rows, columns, Float64Array.from(values)));
}

describe('the product is the triple loop, bit for bit', () => {
  test('for any shape and any values', () => {
    const factors = fc
      .tuple(side, side, side)
      .chain(([rows, depth, columns]) =>
        fc.tuple(filled(rows, depth, wide), filled(depth, columns, wide)),
      );
    fc.assert(
      fc.property(factors, ([a, b]) => check(a, b)),
      { numRuns: 60 },
    );
  });

  test.each([
    [65, 257, 9],
    [3, 1025, 6],
    [130, 5, 515],
    [2051, 2, 5],
  ])('across stretches: %i × %i × %i', (rows, depth, columns) => {
    check(noise(rows, depth), noise(depth, columns, 2));
  });

  test('negative zeros add up to zero', () => {
    const one = (value: number): Matrix => matrix(1, 1, Float64Array.of(value));
    expectSame(multiply(one(-0), one(1)), one(0));
  });
});

test('shapes that do not fit', () => {
  expect(() => multiply(noise(2, 3), noise(2, 3))).toThrow('2 × 3 times 2 × 3 is no product.');
  expect(() => matrix(2, 2, new Float64Array(3))).toThrow('3 values cannot be 2 × 2 elements.');
});
