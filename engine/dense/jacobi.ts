/** One-sided Jacobi rotations: columns are turned in pairs, in one fixed order, until all are orthogonal. */
import { columnAt, type Columns } from './columns.ts';
import type { Room } from './room.ts';

/** Columns count as orthogonal when the cosine between them is not larger. */
const threshold = 1e-15;
const mostSweeps = 30;
/** Pairs of so many columns that stay in the caches come before others. */
const stretch = 8;
/** Below 2^-960 the square of a norm has lost digits: the column counts as 0. Values are not that small: see `balanced`. */
const leastSquare = 1.026e-289;

/** Turns the columns. Gives their norms, 0 for what counts as 0, and how many sweeps it took. */
export function turnColumns(
  room: Room,
  columns: Columns,
): { readonly norms: Float64Array; readonly sweeps: number } {
  const squares = new Float64Array(columns.count);
  const measure = (): void => {
    for (let column = 0; column < columns.count; column++) {
      const at = columnAt(columns, column);
      squares[column] = room.dot(at, at, columns.stride);
    }
  };
  let sweeps = 0;
  for (let isTurned = true; isTurned && sweeps < mostSweeps; sweeps++) {
    measure();
    isTurned = false;
    eachPair(columns.count, (p, q) => {
      if (turn(room, columns, squares, p, q)) isTurned = true;
    });
  }
  measure();
  return {
    norms: squares.map((square) => (square < leastSquare ? 0 : Math.sqrt(square))),
    sweeps,
  };
}

/** Makes two columns orthogonal; whether they were not. Their squared norms are carried on from turn to turn. */
function turn(room: Room, columns: Columns, squares: Float64Array, p: number, q: number): boolean {
  const [alpha, beta] = [squares[p]!, squares[q]!];
  if (alpha < leastSquare || beta < leastSquare) return false;
  const [one, other] = [columnAt(columns, p), columnAt(columns, q)];
  const gamma = room.dot(one, other, columns.stride);
  if (Math.abs(gamma) <= threshold * Math.sqrt(alpha) * Math.sqrt(beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  room.rotate(one, other, columns.stride, sine, sine / (1 + cosine));
  squares[p] = Math.max(0, alpha - tangent * gamma);
  squares[q] = beta + tangent * gamma;
  return true;
}

/** All pairs of columns, p below q. */
function eachPair(count: number, visit: (p: number, q: number) => void): void {
  for (let firstP = 0; firstP < count; firstP += stretch)
    for (let firstQ = firstP; firstQ < count; firstQ += stretch)
      for (let p = firstP; p < Math.min(firstP + stretch, count); p++)
        for (let q = Math.max(p + 1, firstQ); q < Math.min(firstQ + stretch, count); q++)
          visit(p, q);
}
