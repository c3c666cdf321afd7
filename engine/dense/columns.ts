/** The columns of a matrix in a room, each one run of doubles, padded with zeros to whole steps of the kernels. */
import { lanes } from './emit-columns.ts';
import { matrix, type Matrix } from './matrix.ts';
import type { Room } from './room.ts';

export interface Columns {
  readonly at: number;
  readonly count: number;
  /** Elements of a column. */
  readonly length: number;
  /** Doubles from one column to the next: a multiple of 8. */
  readonly stride: number;
}

export function takeColumns(room: Room, count: number, length: number): Columns {
  const stride = padded(length);
  const at = room.take(count * stride);
  room.doubles(at, count * stride).fill(0);
  return { at, count, length, stride };
}

/** Takes room for so many columns of so many elements, or as the matrix has, and copies its elements; the rest is 0. */
export function putColumns(
  room: Room,
  { rows, columns, values }: Matrix,
  { count = columns, length = rows }: { readonly count?: number; readonly length?: number } = {},
): Columns {
  const taken = takeColumns(room, count, length);
  const into = room.doubles(taken.at, columns * taken.stride);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      into[column * taken.stride + row] = values[row * columns + column]!;
  return taken;
}

export function readColumns(room: Room, { at, count, length, stride }: Columns): Matrix {
  const read = matrix(length, count);
  const from = room.doubles(at, count * stride);
  for (let row = 0; row < length; row++)
    for (let column = 0; column < count; column++)
      read.values[row * count + column] = from[column * stride + row]!;
  return read;
}

export function columnAt({ at, stride }: Columns, column: number): number {
  return at + 8 * column * stride;
}

export function padded(length: number): number {
  return Math.ceil(length / lanes) * lanes;
}
