import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matrix, type Matrix } from './matrix.ts';
import { multiply } from './multiply.ts';
import { qr } from './qr.ts';
import { difference, expectOrthonormal, matrices, noise, norm } from './test-matrices.ts';

function check(a: Matrix): void {
  const { q, r } = qr(a);
  expect([q.columns, r.rows]).toEqual([Math.min(a.rows, a.columns), Math.min(a.rows, a.columns)]);
  expectOrthonormal(q);
  expect(difference(multiply(q, r), a)).toBeLessThanOrEqual(1e-12 * norm(a));
  for (let row = 0; row < r.rows; row++) {
    const values = r.values.subarray(row * r.columns, (row + 1) * r.columns);
    expect(values.subarray(0, row).every((value) => value === 0)).toBe(true);
    expect(values[row]).toBeGreaterThanOrEqual(0);
  }
}

test('for any matrix, q has orthonormal columns, r is upper triangular, and their product is the matrix', () => {
  fc.assert(fc.property(matrices, check), { numRuns: 100 });
});

test.each([
  [100, 70],
  [70, 100],
  [300, 33],
])('%i × %i', (rows, columns) => check(noise(rows, columns)));

test('a zero matrix, and columns that depend on one another', () => {
  check(matrix(5, 3));
  check(matrix(4, 4, new Float64Array(16).fill(2)));
});

test('values near the ends of the range', () => {
  for (const by of [2 ** 1000, 2 ** -1000, 2 ** -1074]) {
    const a = matrix(3, 2, Float64Array.of(3, 1, 0, 1, 4, -1));
    const { q, r } = qr({ ...a, values: a.values.map((value) => value * by) });
    expectOrthonormal(q);
    expect(r.values[0]).toBe(5 * by);
  }
});

test('values that are not finite are refused', () => {
  for (const value of [NaN, Infinity, -Infinity])
    expect(() => qr(matrix(1, 2, Float64Array.of(1, value)))).toThrow('finite');
});
