/**
 * Householder reflections H = 1 − f·v·vᵀ that make columns upper triangular. Each column sees the reflections in their order, one
 * after another, whatever the stretches in which columns and reflections are taken.
 */
import { type Columns, columnAt, padded } from './columns.ts';
import { lanes } from './emit-columns.ts';
import { matrix, type Matrix } from './matrix.ts';
import type { Room } from './room.ts';

/** Reflections that stay in the caches while columns go by. */
const stretch = 32;
/** Below 2^-960 the square of a norm has lost digits: the column counts as 0. Values are not that small: see `balanced`. */
const leastSquare = 1.026e-289;

export interface Reflections {
  /** The vectors v: the first of these columns. Vector k begins at row k. */
  readonly vectors: Columns;
  /** f of each vector, 0 where nothing is reflected. */
  readonly factors: Float64Array;
}

export interface Triangular extends Reflections {
  /** min(rows, columns) × columns. Its diagonal may be negative. */
  readonly r: Matrix;
  /** Which column came to stand at each place. */
  readonly order: Int32Array;
}

/** Turns columns into reflections, in their place. With pivots, the column of the largest rest comes next, the first of equal ones. */
export function reflectColumns(
  room: Room,
  columns: Columns,
  { pivots }: { readonly pivots: boolean },
): Triangular {
  const rank = Math.min(columns.length, columns.count);
  const made: Triangular = {
    vectors: columns,
    factors: new Float64Array(rank),
    r: matrix(rank, columns.count),
    order: Int32Array.from({ length: columns.count }, (_, column) => column),
  };
  const atOnce = pivots ? 1 : stretch;
  for (let first = 0; first < rank; first += atOnce) {
    const end = Math.min(first + atOnce, rank);
    if (pivots) bringLargest(room, made, first);
    for (let column = first; column < end; column++) {
      for (let k = first; k < column; k++) eliminate(room, made, k, column);
      beginReflection(room, made, column);
    }
    for (let column = end; column < columns.count; column++)
      for (let k = first; k < end; k++) eliminate(room, made, k, column);
  }
  return made;
}

/**
 * Columns ← H₀·H₁·…·columns. Where they are upper triangular, as those of the unit matrix are, reflections that cannot touch a
 * column are left out.
 */
export function applyReflections(
  room: Room,
  reflections: Reflections,
  columns: Columns,
  { triangular }: { readonly triangular: boolean },
): void {
  const rank = reflections.factors.length;
  for (let end = rank; end > 0; end -= Math.min(end, stretch))
    for (let column = 0; column < columns.count; column++) {
      const last = triangular ? Math.min(end - 1, column) : end - 1;
      for (let k = last; k >= Math.max(0, end - stretch); k--)
        reflect(room, reflections, k, columnAt(columns, column));
    }
}

/** Makes column k into the vector that reflects it onto its first element. */
function beginReflection(room: Room, { vectors, factors, r }: Triangular, k: number): void {
  const at = columnAt(vectors, k);
  const { begin, length } = rowsFrom(vectors, k);
  const square = room.dot(at + begin, at + begin, length);
  const elements = room.doubles(at, vectors.stride);
  if (square < leastSquare) {
    elements.fill(0);
    return;
  }
  const norm = Math.sqrt(square);
  const first = elements[k]!;
  const isNegative = first < 0;
  r.values[k * r.columns + k] = isNegative ? norm : -norm;
  elements[k] = isNegative ? first - norm : first + norm;
  factors[k] = 1 / (norm * (norm + Math.abs(first)));
}

/** Reflects a column by vector k, and moves the element that stays from now on into r. */
function eliminate(room: Room, made: Triangular, k: number, column: number): void {
  const { vectors, r } = made;
  const at = columnAt(vectors, column);
  reflect(room, made, k, at);
  const elements = room.doubles(at, vectors.stride);
  r.values[k * r.columns + column] = elements[k]!;
  elements[k] = 0;
}

function reflect(room: Room, { vectors, factors }: Reflections, k: number, column: number): void {
  const factor = factors[k]!;
  if (factor === 0) return;
  const { begin, length } = rowsFrom(vectors, k);
  const vector = columnAt(vectors, k) + begin;
  const dot = room.dot(vector, column + begin, length);
  room.addScaled(column + begin, vector, length, -(factor * dot));
}

/** From which byte of a column, in whole steps, row k and what follows lie. A vector is 0 above its row. */
function rowsFrom(
  { length }: Columns,
  k: number,
): { readonly begin: number; readonly length: number } {
  const first = k - (k % lanes);
  return { begin: 8 * first, length: padded(length) - first };
}

/** Exchanges column k with the one whose rest has the largest square, rows of r above included. */
function bringLargest(room: Room, { vectors, r, order }: Triangular, k: number): void {
  const { begin, length } = rowsFrom(vectors, k);
  let [best, most] = [k, -1];
  for (let column = k; column < vectors.count; column++) {
    const at = columnAt(vectors, column) + begin;
    const square = room.dot(at, at, length);
    if (square > most) [best, most] = [column, square];
  }
  if (best === k) return;
  const one = room.doubles(columnAt(vectors, k), vectors.stride);
  const other = room.doubles(columnAt(vectors, best), vectors.stride);
  const kept = one.slice();
  one.set(other);
  other.set(kept);
  [order[k], order[best]] = [order[best]!, order[k]!];
  for (let row = 0; row < k; row++) {
    const [left, right] = [row * r.columns + k, row * r.columns + best];
    [r.values[left], r.values[right]] = [r.values[right]!, r.values[left]!];
  }
}
