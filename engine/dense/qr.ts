/** The thin QR factorisation by Householder reflections. */
import { balanced } from './balance.ts';
import { columnAt, putColumns, readColumns, takeColumns } from './columns.ts';
import { applyReflections, reflectColumns } from './householder.ts';
import type { Matrix } from './matrix.ts';
import { inRoom } from './room.ts';

export interface Qr {
  /** rows × min(rows, columns); its columns are orthonormal. */
  readonly q: Matrix;
  /** min(rows, columns) × columns, upper triangular; no element of its diagonal is negative. */
  readonly r: Matrix;
}

/** a = q·r, also where columns depend on one another. Throws where a value is not finite: see `isFiniteMatrix`. */
export function qr(a: Matrix): Qr {
  const { matrix, unit } = balanced(a);
  return inRoom((room) => {
    const made = reflectColumns(room, putColumns(room, matrix), { pivots: false });
    const { r } = made;
    const signs = Array.from({ length: r.rows }, (_, k) =>
      r.values[k * r.columns + k]! < 0 ? -1 : 1,
    );
    const q = takeColumns(room, r.rows, a.rows);
    signs.forEach((sign, k) => (room.doubles(columnAt(q, k), a.rows)[k] = sign));
    applyReflections(room, made, q, { triangular: true });
    signs.forEach((sign, k) => {
      for (let at = k * r.columns + k; at < (k + 1) * r.columns; at++) r.values[at]! *= sign * unit;
    });
    return { q: readColumns(room, q), r };
  });
}
