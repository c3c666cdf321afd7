/** The largest singular triples of a matrix. */
import { drawKey, drawWord, type Words } from '../numeric/threefry.ts';
import { balanced } from './balance.ts';
import { firstColumns, matrix, type Matrix } from './matrix.ts';
import { multiply } from './multiply.ts';
import { qr } from './qr.ts';
import { fixSigns } from './signs.ts';
import { svd, type Svd } from './svd.ts';

export interface TruncatedSvd extends Svd {
  /** Σ s² / ‖a‖²_F, the share of the squared norm that these triples hold: 1 where a is 0. */
  readonly captured: number;
}

/** A matrix with a side of at most so many is decomposed whole: that takes no longer than some seconds. */
const mostWhole = 512;
/** A sketch of this share of the shorter side costs as much as the whole. */
const mostSketched = 0.5;
const leastSurplus = 8;
const powerIterations = 4;
/** Every sketch draws from here: a draw's place in the matrix is all that it depends on. */
const sketchKey = drawKey({ seed: 0, purpose: 'sketch', slot: '1.1', tensor: '' });

/**
 * The `rank` largest singular triples, or all min(rows, columns) where there are not so many: the nearest matrix of that rank.
 * They are exact for matrices with a side of at most 512 and for ranks that are not small; else they are found by a random
 * sketch and power iterations (Halko, Martinsson, Tropp, "Finding structure with randomness", 2011), and `captured` lies a
 * little below the best. The same matrix always gives the same bytes. Throws where a value is not finite: see `isFiniteMatrix`.
 */
export function truncatedSvd(a: Matrix, rank: number): TruncatedSvd {
  const { matrix: near, unit } = balanced(a);
  const width = sketchedColumns(a, rank);
  const { u, s, v } = width === undefined ? svd(near) : sketchedSvd(near, width);
  const kept = s.slice(0, rank);
  const norm = squaredNorm(near.values);
  return {
    u: firstColumns(u, rank),
    s: kept.map((value) => value * unit),
    v: firstColumns(v, rank),
    captured: norm === 0 ? 1 : Math.min(1, squaredNorm(kept) / norm),
  };
}

/** Columns of the sketch that a matrix is cut by; undefined where it is decomposed whole, which takes several times its memory. */
export function sketchedColumns(
  { rows, columns }: Pick<Matrix, 'rows' | 'columns'>,
  rank: number,
): number | undefined {
  const shorter = Math.min(rows, columns);
  const width = rank + Math.max(leastSurplus, Math.ceil(rank / 4));
  return shorter <= mostWhole || width > mostSketched * shorter ? undefined : width;
}

/**
 * The triples of q·qᵀ·a, where the orthonormal columns of q come near to spanning the largest `width` left singular vectors. Each
 * iteration multiplies by a·aᵀ, which makes large singular values outgrow small ones.
 */
function sketchedSvd(a: Matrix, width: number): Svd {
  let q = qr(multiply(a, signs(a.columns, width, sketchKey))).q;
  for (let iteration = 0; iteration < powerIterations; iteration++) {
    const turned = qr(multiply(a, q, { transposed: 'left' })).q;
    q = qr(multiply(a, turned)).q;
  }
  const across = svd(multiply(a, q, { transposed: 'left' }));
  const [u, v] = [multiply(q, across.v), across.u];
  fixSigns(u, v);
  return { u, s: across.s, v };
}

/** A matrix of ±1 by the top bits of draws; a column is the same whatever their number. */
function signs(rows: number, columns: number, key: Words): Matrix {
  const drawn = matrix(rows, columns);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++)
      drawn.values[row * columns + column] =
        drawWord(key, column * rows + row) >>> 31 === 0 ? 1 : -1;
  return drawn;
}

/** Σ x², in the order in which the values lie. */
function squaredNorm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
