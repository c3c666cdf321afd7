/** The product of two thin factors at a lower rank. */
import { transpose, type Matrix } from './matrix.ts';
import { multiply } from './multiply.ts';
import { qr } from './qr.ts';
import { fixSigns } from './signs.ts';
import { truncatedSvd } from './truncated-svd.ts';

/** left · diag(s) · right, with k triples. */
export interface TruncatedProduct {
  /** rows × k; its columns are orthonormal, and the entry of largest magnitude in each, the first of equal ones, is positive. */
  readonly left: Matrix;
  /** k singular values, none negative, the largest first. */
  readonly s: Float64Array;
  /** k × columns; its rows are orthonormal. */
  readonly right: Matrix;
  /** The share of the product's squared norm that is kept: 1 where the product is 0. */
  readonly captured: number;
}

/**
 * The nearest matrix of rank `rank` to b·a, where b is rows × r and a is r × columns: the product is never formed. There are
 * min(rank, rows, r, columns) triples. Throws where the shapes do not fit or a value is not finite: see `isFiniteMatrix`.
 */
export function truncatedProduct(b: Matrix, a: Matrix, rank: number): TruncatedProduct {
  const [tall, wide] = [qr(b), qr(transpose(a))];
  // b·a = q₁·(r₁·r₂ᵀ)·q₂ᵀ
  const core = multiply(tall.r, wide.r, { transposed: 'right' });
  const { u, s, v, captured } = truncatedSvd(core, rank);
  const [left, right] = [multiply(tall.q, u), multiply(wide.q, v)];
  fixSigns(left, right);
  return { left, s, right: transpose(right), captured };
}
