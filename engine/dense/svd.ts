/** The thin singular value decomposition by one-sided Jacobi rotations. */
import { balanced } from './balance.ts';
import { columnAt, type Columns, putColumns, readColumns, takeColumns } from './columns.ts';
import { applyReflections, reflectColumns } from './householder.ts';
import { turnColumns } from './jacobi.ts';
import { firstRows, matrix, transpose, type Matrix } from './matrix.ts';
import { multiply } from './multiply.ts';
import { qr } from './qr.ts';
import { inRoom, type Room } from './room.ts';
import { fixSigns } from './signs.ts';

/** What of a column is left, as a share of the largest, when it depends on those before: some units in the last place. */
const roundingShare = 16 * 1.1102230246251565e-16;

/**
 * a = u · diag(s) · vᵀ with k singular triples; column i of u and of v belong to s[i]. The entry of largest magnitude in each
 * column of u, the first of equal ones, is positive.
 */
export interface Svd {
  /** rows × k; its columns are orthonormal. */
  readonly u: Matrix;
  /** k singular values, none negative, the largest first. */
  readonly s: Float64Array;
  /** columns × k; its columns are orthonormal. */
  readonly v: Matrix;
}

/**
 * All min(rows, columns) singular triples. Singular values are right to some 1e-15 of the largest, and may be 0 below; vectors of
 * those complete the others. Throws where a value is not
 * finite: see `isFiniteMatrix`.
 */
export function svd(a: Matrix): Svd {
  const { matrix: near, unit } = balanced(a);
  const isWide = a.rows < a.columns;
  const made = tall(isWide ? transpose(near) : near);
  const [u, v] = isWide ? [made.v, made.u] : [made.u, made.v];
  fixSigns(u, v);
  return { u, s: made.s.map((value) => value * unit), v };
}

/** With a = q·r, the triples of r give those of a. */
function tall(a: Matrix): Svd {
  return inRoom((room) => {
    if (a.rows === a.columns) return square(room, a);
    const made = reflectColumns(room, putColumns(room, a), { pivots: false });
    const { u, s, v } = square(room, made.r);
    const turned = putColumns(room, u, { length: a.rows });
    applyReflections(room, made, turned, { triangular: false });
    return { u: readColumns(room, turned), s, v };
  });
}

/**
 * With a·p = q·r, p an order of columns in which the diagonal of r falls, the columns of rᵀ are nearly orthogonal already, and
 * those behind the rank are left out. Rotations make them w·diag(s). Then r·w = t·diag(s), and a = (q·t) · diag(s) · (p·w)ᵀ; that t
 * is the orthonormal factor of r·w keeps it orthonormal where s is small.
 */
function square(room: Room, a: Matrix): Svd {
  const size = a.rows;
  const made = reflectColumns(room, putColumns(room, a), { pivots: true });
  const r = firstRows(made.r, rankOf(made.r));
  const turned = putColumns(room, transpose(r));
  const { norms } = turnColumns(room, turned);
  const falling = [...norms.keys()].sort((one, other) => norms[other]! - norms[one]!);
  const s = new Float64Array(size);
  const w = takeColumns(room, size, size);
  falling.forEach((from, at) => {
    const norm = norms[from]!;
    if (norm === 0) return;
    s[at] = norm;
    const into = room.doubles(columnAt(w, at), size);
    into.set(room.doubles(columnAt(turned, from), size));
    for (let row = 0; row < size; row++) into[row]! /= norm;
  });
  const rank = s.findLastIndex((value) => value > 0) + 1;
  complete(room, w, rank);
  const t = qr(multiply(r, readColumns(room, { ...w, count: r.rows }))).q;
  const u = putColumns(room, t, { length: size, count: size });
  for (let column = r.rows; column < size; column++)
    room.doubles(columnAt(u, column), size)[column] = 1;
  applyReflections(room, made, u, { triangular: false });
  return { u: readColumns(room, u), s, v: rowsTo(made.order, readColumns(room, w)) };
}

/** How many rows of r, whose diagonal falls, are more than rounding. */
function rankOf({ rows, columns, values }: Matrix): number {
  const least = Math.abs(values[0] ?? 0) * roundingShare;
  let rank = 0;
  while (rank < rows && Math.abs(values[rank * columns + rank]!) > least) rank++;
  return rank;
}

/** Makes what follows the first `rank` columns orthonormal to them and to one another. */
function complete(room: Room, columns: Columns, rank: number): void {
  if (rank === columns.count) return;
  const kept = takeColumns(room, rank, columns.length);
  room.doubles(kept.at, rank * kept.stride).set(room.doubles(columns.at, rank * columns.stride));
  const made = reflectColumns(room, kept, { pivots: false });
  const rest = { ...columns, at: columnAt(columns, rank), count: columns.count - rank };
  for (let column = 0; column < rest.count; column++)
    room.doubles(columnAt(rest, column), rest.length)[rank + column] = 1;
  applyReflections(room, made, rest, { triangular: false });
}

/** Row i goes to the place `order[i]`. */
function rowsTo(order: Int32Array, { rows, columns, values }: Matrix): Matrix {
  const moved = matrix(rows, columns);
  order.forEach((to, from) =>
    moved.values.set(values.subarray(from * columns, (from + 1) * columns), to * columns),
  );
  return moved;
}
