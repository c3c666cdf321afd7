import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrix, type Matrix, transpose } from './matrix.ts';
import { multiply } from './multiply.ts';
import {
  composed,
  difference,
  expectTriples,
  matrices,
  noise,
  norm,
  ofSpectrum,
} from './test-matrices.ts';
import { svd, type Svd } from './svd.ts';
import { truncatedProduct } from './truncated-product.ts';
import { truncatedSvd, type TruncatedSvd } from './truncated-svd.ts';

/** The error of the nearest matrix of a rank. */
function optimal(s: Iterable<number>, rank: number): number {
  return Math.sqrt([...s].slice(rank).reduce((sum, value) => sum + value * value, 0));
}

/** Error, captured share and triples of an approximation of `a`; within `slack` of the best. */
function expectNear(
  a: Matrix,
  found: TruncatedSvd,
  { spectrum, slack }: { readonly spectrum: Iterable<number>; readonly slack: number },
): void {
  expectTriples(found);
  const error = difference(composed(found), a);
  const best = optimal(spectrum, found.s.length);
  expect(error).toBeLessThanOrEqual(slack * best + 1e-12 * norm(a));
  const share = norm(a) === 0 ? 0 : (error / norm(a)) ** 2;
  expect(Math.abs(1 - found.captured - share)).toBeLessThan(1e-12);
}

test('a small matrix: as many triples as are asked for, the error of the nearest', () => {
  fc.assert(
    fc.property(matrices, fc.integer({ min: 0, max: 12 }), (a, rank) => {
      const found = truncatedSvd(a, rank);
      expect(found.s.length).toBe(Math.min(rank, a.rows, a.columns));
      expectNear(a, found, { spectrum: svd(a).s, slack: 1 + 1e-9 });
    }),
    { numRuns: 100 },
  );
});

describe('a large matrix, by a sketch', () => {
  const halves = Array.from({ length: 60 }, (_, i) => 2 ** (-i / 2));
  const slow = Array.from({ length: 520 }, (_, i) => 1 / (1 + i));

  test.each([
    ['fast fall', 700, 540, halves, 10, 1 + 1e-9],
    ['fast fall, wide', 530, 640, halves, 30, 1 + 1e-9],
    ['slow fall', 600, 540, slow, 24, 1.001],
    ['its whole rank', 520, 600, [5, 4, 4, 1], 16, 1],
  ] as const)('%s', (_, rows, columns, spectrum, rank, slack) => {
    const a = ofSpectrum(rows, columns, spectrum);
    const found = truncatedSvd(a, rank);
    expectNear(a, found, { spectrum, slack });
    const first = spectrum[0];
    found.s.forEach((value, i) => {
      const wanted = spectrum[i] ?? 0;
      expect(Math.abs(value - wanted)).toBeLessThan(10 * (slack - 1) * wanted + 1e-12 * first);
    });
  });

  test('zeros', () => {
    const found = truncatedSvd(matrix(520, 530), 4);
    expect([...found.s]).toEqual([0, 0, 0, 0]);
    expect(found.captured).toBe(1);
    expectTriples(found);
  });

  test('the same bytes twice', () => {
    const a = noise(520, 530);
    expect(truncatedSvd(a, 12)).toEqual(truncatedSvd(a, 12));
  });
});

describe('a product of thin factors', () => {
  const asSvd = ({ left, s, right }: ReturnType<typeof truncatedProduct>): Svd => ({
    u: left,
    s,
    v: transpose(right),
  });

  test.each([
    [90, 12, 70, 5],
    [70, 12, 90, 12],
    [70, 12, 90, 40],
    [6, 12, 90, 4],
    [6, 12, 5, 12],
    [30, 0, 20, 4],
    [30, 1, 1, 1],
  ])('%i × %i × %i at rank %i', (rows, inner, columns, rank) => {
    const [b, a] = [noise(rows, inner), noise(inner, columns, 2)];
    const product = multiply(b, a);
    const found = truncatedProduct(b, a, rank);
    expect(found.s.length).toBe(Math.min(rank, rows, inner, columns));
    expectNear(
      product,
      { ...asSvd(found), captured: found.captured },
      { spectrum: svd(product).s, slack: 1 + 1e-9 },
    );
  });

  test('factors that cancel', () => {
    const [b, a] = [noise(20, 3), noise(3, 25, 2)];
    const twice = (of: Matrix, sign: number): Matrix => ({
      rows: 2 * of.rows,
      columns: of.columns,
      values: Float64Array.from([...of.values, ...of.values.map((value) => sign * value)]),
    });
    const found = truncatedProduct(transpose(twice(transpose(b), 1)), twice(a, -1), 2);
    expect(found.s[0]).toBeLessThan(1e-14);
    expectTriples(asSvd(found));
  });

  test('shapes that do not fit', () => {
    expect(() => truncatedProduct(noise(4, 3), noise(2, 4), 1)).toThrow('no product');
  });
});
