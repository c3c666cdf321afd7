/** The signs of singular vectors, which their matrix leaves open. */
import type { Matrix } from './matrix.ts';

/** Turns pairs of columns so that the entry of largest magnitude in each of u, the first of equal ones, is positive. */
export function fixSigns(u: Matrix, v: Matrix): void {
  for (let column = 0; column < u.columns; column++) {
    if (largest(u, column) >= 0) continue;
    negate(u, column);
    negate(v, column);
  }
}

function largest({ rows, columns, values }: Matrix, column: number): number {
  let found = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + column]!;
    if (Math.abs(value) > Math.abs(found)) found = value;
  }
  return found;
}

function negate({ rows, columns, values }: Matrix, column: number): void {
  for (let row = 0; row < rows; row++) values[row * columns + column]! *= -1;
}
