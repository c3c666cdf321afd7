/** Matrices to try dense algebra on, and what is asked of its results. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { drawWord } from '../numeric/threefry.ts';
import { matrix, type Matrix, transpose } from './matrix.ts';
import { multiply } from './multiply.ts';
import { qr } from './qr.ts';
import type { Svd } from './svd.ts';

/** Values between −1 and 1. */
export function noise(rows: number, columns: number, stream = 1): Matrix {
  const values = Float64Array.from(
    { length: rows * columns },
    (_, at) => drawWord([stream, 0x64656e73], at) / 2147483648 - 1,
  );
  return matrix(rows, columns, values);
}

/** A matrix of these singular values, whose vectors are random. */
export function ofSpectrum(rows: number, columns: number, s: readonly number[]): Matrix {
  const u = qr(noise(rows, s.length, 2)).q;
  const v = qr(noise(columns, s.length, 3)).q;
  return multiply(scaled(u, Float64Array.from(s)), v, { transposed: 'right' });
}

export function unit(size: number): Matrix {
  const made = matrix(size, size);
  for (let i = 0; i < size; i++) made.values[i * size + i] = 1;
  return made;
}

/** With each column multiplied by its factor. */
export function scaled({ rows, columns, values }: Matrix, by: Float64Array): Matrix {
  return matrix(
    rows,
    columns,
    values.map((value, at) => value * by[at % columns]!),
  );
}

export function norm({ values }: Matrix): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

export function difference(a: Matrix, b: Matrix): number {
  expect([a.rows, a.columns]).toEqual([b.rows, b.columns]);
  return norm({ ...a, values: a.values.map((value, at) => value - b.values[at]!) });
}

/** u · diag(s) · vᵀ. */
export function composed({ u, s, v }: Svd): Matrix {
  return multiply(scaled(u, s), v, { transposed: 'right' });
}

export function expectOrthonormal(a: Matrix): void {
  expect(difference(multiply(a, a, { transposed: 'left' }), unit(a.columns))).toBeLessThan(1e-12);
}

/** All that holds of every decomposition of `a`, save that it is thin. */
export function expectDecomposition(a: Matrix, found: Svd): void {
  expect(difference(composed(found), a)).toBeLessThanOrEqual(1e-12 * norm(a));
  expectTriples(found);
}

export function expectTriples({ u, s, v }: Svd): void {
  expectOrthonormal(u);
  expectOrthonormal(v);
  expect([...s]).toEqual([...s].sort((one, other) => other - one));
  expect(s.every((value) => value >= 0)).toBe(true);
  for (let column = 0; column < u.columns; column++)
    expect(largestEntry(u, column)).toBeGreaterThan(0);
}

/** The entry of largest magnitude, the first of equal ones. */
function largestEntry(a: Matrix, column: number): number {
  const { columns, values } = transpose(a);
  const entries = values.subarray(column * columns, (column + 1) * columns);
  return entries.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most), 0);
}

const sizes = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) },
  fc.integer({ min: 10, max: 40 }),
);

/** Matrices of few rows and columns, of which some depend on others or are 0. */
export const matrices: fc.Arbitrary<Matrix> = fc
  .record({ rows: sizes, columns: sizes, rank: fc.integer({ min: 0, max: 12 }), stream: fc.nat() })
  .map(({ rows, columns, rank, stream }) =>
    multiply(noise(rows, rank, stream), noise(rank, columns, stream + 1)),
  );
