/** What making two factors takes beside a worker's bench. */
import { sketchedColumns } from '../dense/truncated-svd.ts';
import type { FactorWork } from './planned-adapter.ts';

const bytesOfDouble = 8;
/** Values as they are read and as they are written. */
const scratchBytes = 4 << 20;
/** Of every factor: as it is made, balanced, and turned to be stored. */
const madeCopies = 3;
/** Of factors that are cut: themselves, what is worked on, their orthonormal halves, and those halves turned. */
const cutCopies = 5;
/** Of a matrix: as it is computed, and brought near to 1. */
const matrixCopies = 2;
/** What a decomposition of the whole matrix takes besides, in matrices; and that of a sketch, in sketches of both sides. */
const wholeCopies = 7;
const sketchCopies = 6;

export function bytesOfFactors(work: FactorWork): number {
  const { rows, columns, rank } = work;
  const made = madeCopies * rank * (rows + columns);
  return scratchBytes + bytesOfDouble * (made + doublesBefore(work));
}

function doublesBefore({ rows, columns, rank, of }: FactorWork): number {
  const sides = rows + columns;
  if (of.kind === 'factors') {
    const whole = of.terms.reduce((sum, { operand }) => sum + operand.rank, 0);
    return (of.isCut ? cutCopies : 1) * whole * sides;
  }
  const width = sketchedColumns({ rows, columns }, rank);
  const elements = rows * columns;
  const working = width === undefined ? wholeCopies * elements : sketchCopies * width * sides;
  return matrixCopies * elements + working;
}

/** More than this the memory of one WebAssembly module does not hold. */
const mostDoubles = 2 ** 29;

/** Whether a decomposition has room: matrices of a model have it, but for large embeddings with ranks in the thousands. */
export function hasRoomFor({ rows, columns, rank, of }: FactorWork): boolean {
  if (of.kind === 'factors') return true;
  const [shorter, longer] = [Math.min(rows, columns), Math.max(rows, columns)];
  const width = sketchedColumns({ rows, columns }, rank) ?? shorter;
  return 3 * longer * width + 6 * width * width < mostDoubles;
}
