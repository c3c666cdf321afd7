import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../numeric/sha256.ts';
import { matrix, type Matrix, transpose } from './matrix.ts';
import { multiply } from './multiply.ts';
import { svd } from './svd.ts';
import {
  expectDecomposition,
  expectTriples,
  matrices,
  noise,
  norm,
  ofSpectrum,
  unit,
} from './test-matrices.ts';

/** The roots of the eigenvalues of aᵀa, by two-sided rotations: right to half the digits where they are small. */
function rootsOfGram(a: Matrix): readonly number[] {
  const g = multiply(a, a, { transposed: 'left' });
  const n = g.rows;
  const at = (i: number, j: number): number => g.values[i * n + j]!;
  for (let sweep = 0; sweep < 20; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const angle = Math.atan2(2 * at(p, q), at(q, q) - at(p, p)) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (const [step, stride] of [
          [n, 1],
          [1, n],
        ] as const)
          for (let k = 0; k < n; k++) {
            const [x, y] = [g.values[p * step + k * stride]!, g.values[q * step + k * stride]!];
            g.values[p * step + k * stride] = c * x - s * y;
            g.values[q * step + k * stride] = s * x + c * y;
          }
      }
  return Array.from({ length: n }, (_, i) => Math.sqrt(Math.max(0, at(i, i)))).sort(
    (one, other) => other - one,
  );
}

function check(a: Matrix): void {
  const found = svd(a);
  expect(found.s.length).toBe(Math.min(a.rows, a.columns));
  expectDecomposition(a, found);
  const most = 1e-7 * norm(a);
  const roots = rootsOfGram(a.rows < a.columns ? transpose(a) : a);
  found.s.forEach((value, i) => expect(Math.abs(value - roots[i]!)).toBeLessThanOrEqual(most));
}

test('any matrix: orthonormal vectors, falling values, fixed signs, and the same values as another way gives', () => {
  fc.assert(fc.property(matrices, check), { numRuns: 100 });
});

test.each([
  [1, 1],
  [1, 9],
  [9, 1],
  [90, 90],
  [250, 40],
  [33, 170],
])('%i × %i', (rows, columns) =>
  expectDecomposition(noise(rows, columns), svd(noise(rows, columns))),
);

describe('known values', () => {
  test.each([
    ['falling by halves', 60, 40, Array.from({ length: 40 }, (_, i) => 2 ** -i)],
    ['equal in groups', 30, 50, [3, 3, 3, 2, 2, 1, 1, 1, 1]],
    ['one large', 40, 40, [1e9, ...Array<number>(30).fill(1)]],
  ])('%s', (_, rows, columns, wanted) => {
    const a = ofSpectrum(rows, columns, wanted);
    const found = svd(a);
    expectDecomposition(a, found);
    found.s.forEach((value, i) =>
      expect(Math.abs(value - (wanted[i] ?? 0))).toBeLessThan(1e-13 * wanted[0]!),
    );
  });

  test('of 2 × 2', () => {
    const { s, u, v } = svd(matrix(2, 2, Float64Array.of(3, 0, 4, 5)));
    expect(s[0]).toBeCloseTo(3 * Math.sqrt(5), 14);
    expect(s[1]).toBeCloseTo(Math.sqrt(5), 14);
    const expected = (values: readonly number[], by: number): readonly unknown[] =>
      values.map((value) => expect.closeTo(value * Math.sqrt(by), 14) as unknown);
    expect([...u.values]).toEqual(expected([1, 3, 3, -1], 0.1));
    expect([...v.values]).toEqual(expected([1, 1, 1, -1], 0.5));
  });

  test('of the unit matrix and of zeros', () => {
    expect([...svd(unit(20)).s]).toEqual(Array<number>(20).fill(1));
    const zeros = svd(matrix(7, 4));
    expect([...zeros.s]).toEqual([0, 0, 0, 0]);
    expectTriples(zeros);
  });
});

test('without rows or without columns', () => {
  for (const a of [matrix(0, 0), matrix(0, 4), matrix(5, 0)]) {
    const { u, s, v } = svd(a);
    expect([s.length, u.rows, u.columns, v.rows, v.columns]).toEqual([0, a.rows, 0, a.columns, 0]);
  }
});

test('a power of two changes no digit, whatever the range', () => {
  const a = noise(12, 9);
  const { u, s, v } = svd(a);
  for (const by of [2 ** 900, 2 ** -900, 2 ** 90]) {
    const found = svd({ ...a, values: a.values.map((value) => value * by) });
    expect(found.u).toEqual(u);
    expect(found.v).toEqual(v);
    expect([...found.s]).toEqual([...s].map((value) => value * by));
  }
});

test('values that are not finite are refused', () => {
  for (const value of [NaN, Infinity, -Infinity])
    expect(() => svd(matrix(2, 1, Float64Array.of(1, value)))).toThrow('finite');
});

test('the bytes are these, on every machine', () => {
  const bytes = (a: Matrix): string => {
    const { u, s, v } = svd(a);
    const all = Float64Array.from([...u.values, ...s, ...v.values]);
    return Buffer.from(sha256(new Uint8Array(all.buffer))).toString('hex', 0, 8);
  };
  expect([bytes(noise(48, 31)), bytes(noise(40, 40)), bytes(noise(7, 90))]).toMatchInlineSnapshot(`
    [
      "b68ab4ee9372c4e4",
      "ea1593849af70864",
      "6ba844d581e352d5",
    ]
  `);
});
