/** A module's two factors: read and laid side by side, or computed whole and cut, and then stored. One thread's own. */
import { isFiniteMatrix, matrix, transpose, type Matrix } from '../dense/matrix.ts';
import { multiply } from '../dense/multiply.ts';
import { truncatedProduct } from '../dense/truncated-product.ts';
import { truncatedSvd } from '../dense/truncated-svd.ts';
import type { ComputedType } from '../formula/derived.ts';
import { roundOnce } from '../numeric/round-once.ts';
import { toDoubles } from '../numeric/to-doubles.ts';
import type { FactorInFile } from '../plan/operand.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { FactorSum, FactorWork } from '../plan/planned-adapter.ts';
import { mapPass } from '../program/passes.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import type { Steps } from './file-request.ts';
import { programOfItem } from './groups.ts';
import type { Answer, Destination, Job, PieceHash, StoredFactor } from './job.ts';
import { scalarsOf } from './known-scalars.ts';
import { indexOfNonFinite } from './non-finite-index.ts';
import type { OperandBench } from './operand-bench.ts';
import { stretchesOf } from './workbench.ts';

/** Stored values that are read at once, and their doubles. */
const scratchElements = 131072;

export interface FactorTools {
  readonly operands: OperandBench;
  readonly sliceElements: number;
  /** Where nothing is computed, what would be is read all the same, and zeros are stored. */
  readonly reads: boolean;
}

/** The tensor is left · right; what of its squared norm they hold. Null where the change holds no finite number. */
interface Factors {
  readonly left: Matrix;
  readonly right: Matrix;
  readonly square: number | null;
  readonly captured: number | null;
  readonly slices: number;
}

export function* factored(job: Job & { kind: 'factor' }, tools: FactorTools): Steps<Answer> {
  const { work, down, up } = job;
  const made = yield* factorsOf(job, tools);
  const { left, right, square, captured, slices } = made;
  const [first, second] = work.isTurned ? [transpose(left), transpose(right)] : [right, left];
  return {
    kind: 'factored',
    down: yield* stored(first, work.dtype, down),
    up: yield* stored(second, work.dtype, up),
    square,
    captured,
    slices,
  };
}

function* factorsOf(job: Job & { kind: 'factor' }, tools: FactorTools): Steps<Factors> {
  const { work } = job;
  const { of, rank } = work;
  if (of.kind === 'factors') {
    const joined = yield* joinedFactors(work, of);
    yield { kind: 'pause' };
    if (tools.reads) return nothing(work, 1);
    return of.isCut ? cutFactors(joined, rank) : joined;
  }
  const whole = matrix(work.rows, work.columns);
  const slices = yield* eachStretch({ ...job, item: of.item }, tools, (values, first) =>
    whole.values.set(values, first),
  );
  yield { kind: 'pause' };
  if (tools.reads) return nothing(work, slices);
  if (!isFiniteMatrix(whole)) return noNumbers(work, slices);
  const { u, s, v, captured } = truncatedSvd(whole, rank);
  const square = sumOfSquares(whole.values, 0);
  return { ...balanced(u, s, transpose(v)), square, captured, slices };
}

/** Factors of all adapters beside one another: scales and coefficients go into the adapter's second factor. */
function* joinedFactors(
  { rows, columns, isTurned }: FactorWork,
  { terms }: FactorSum,
): Steps<Factors> {
  const rank = terms.reduce((sum, { operand }) => sum + operand.rank, 0);
  const left = matrix(rows, rank);
  const right = matrix(rank, columns);
  let before = 0;
  for (const { operand, coefficient } of terms) {
    const scale = coefficient * operand.scale;
    const own = operand.rank;
    const at = before;
    yield* eachValue(operand.left, [rows, own], (value, i, k) => {
      left.values[i * rank + at + k] = isTurned ? value : scale * value;
    });
    yield* eachValue(operand.right, [own, columns], (value, k, j) => {
      right.values[(at + k) * columns + j] = isTurned ? scale * value : value;
    });
    before += own;
  }
  const isFinite = isFiniteMatrix(left) && isFiniteMatrix(right);
  const square = isFinite ? squareOf(left, right) : null;
  return { left, right, square, captured: isFinite ? 1 : null, slices: 1 };
}

/** Elements of a stored factor of this shape, which may lie turned in its file. */
function* eachValue(
  { file, offset, dtype, isTurned }: FactorInFile,
  [rows, columns]: readonly [number, number],
  take: (value: number, row: number, column: number) => void,
): Steps<void> {
  const bytes = dtypeBytes[dtype];
  const total = rows * columns;
  const length = isTurned ? rows : columns;
  const raw = new Uint8Array(bytes * Math.min(total, scratchElements));
  const doubles = new Float64Array(Math.min(total, scratchElements));
  for (let at = 0; at < total; at += scratchElements) {
    const count = Math.min(scratchElements, total - at);
    const into = raw.subarray(0, count * bytes);
    yield { kind: 'read', reads: [{ file, into, position: offset + at * bytes }] };
    toDoubles(into, dtype, doubles.subarray(0, count));
    for (let i = 0, outer = Math.floor(at / length), inner = at % length; i < count; i++) {
      if (isTurned) take(doubles[i]!, inner, outer);
      else take(doubles[i]!, outer, inner);
      if (++inner < length) continue;
      inner = 0;
      outer++;
    }
  }
}

function cutFactors({ left, right, square, slices }: Factors, rank: number): Factors {
  if (square === null) {
    const { rows } = left;
    const { columns } = right;
    return noNumbers({ rows, columns, rank }, slices);
  }
  const cut = truncatedProduct(left, right, rank);
  return { ...balanced(cut.left, cut.s, cut.right), square, captured: cut.captured, slices };
}

/** The root of each singular value goes to either side, so that both factors have entries of one size. */
function balanced(
  left: Matrix,
  s: Float64Array,
  right: Matrix,
): { readonly left: Matrix; readonly right: Matrix } {
  const roots = s.map(Math.sqrt);
  const of = left.values.map((value, at) => value * roots[at % s.length]!);
  const other = right.values.map((value, at) => roots[Math.floor(at / right.columns)]! * value);
  return { left: { ...left, values: of }, right: { ...right, values: other } };
}

/** ‖left · right‖², from two small matrices. */
function squareOf(left: Matrix, right: Matrix): number {
  const one = multiply(left, left, { transposed: 'left' });
  const other = multiply(right, right, { transposed: 'right' });
  let sum = 0;
  for (const [at, value] of one.values.entries()) sum += value * other.values[at]!;
  return Math.max(sum, 0);
}

function sumOfSquares(values: ArrayLike<number>, start: number): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

type Shape = Pick<FactorWork, 'rows' | 'columns' | 'rank'>;

function filled({ rows, columns, rank }: Shape, value: number) {
  return {
    left: matrix(rows, rank, new Float64Array(rows * rank).fill(value)),
    right: matrix(rank, columns, new Float64Array(rank * columns).fill(value)),
  };
}

/** A change that is no number has no factors: they say so, and a run ends with that unless it is told to let it pass. */
function noNumbers(shape: Shape, slices: number): Factors {
  return { ...filled(shape, Number.NaN), square: null, captured: null, slices };
}

function nothing(shape: Shape, slices: number): Factors {
  return { ...filled(shape, 0), square: 0, captured: 1, slices };
}

/** Σ x² of what an item computes. */
export function* normOf(job: Job & { kind: 'norm' }, tools: FactorTools): Steps<Answer> {
  let square = 0;
  yield* eachStretch(job, tools, (values) => {
    square = sumOfSquares(values, square);
  });
  if (tools.reads) return { kind: 'norm', square: 0 };
  return { kind: 'norm', square: Number.isFinite(square) ? square : null };
}

/** What an item computes, in f32, a stretch at a time; returns how many. What is handed over is gone with the next. */
function* eachStretch(
  {
    item,
    groups,
    known,
  }: Pick<Job & { kind: 'norm' }, 'groups' | 'known'> & {
    readonly item: WorkItem;
  },
  { operands, sliceElements }: FactorTools,
  take: (values: Float32Array, first: number) => void,
): Steps<number> {
  const program = programOfItem(item);
  const uniforms = scalarsOf(program, groups, known).uniforms();
  const formula = mapPass(program, 'F32');
  const elements = Math.min(item.elements, sliceElements);
  operands.prepare(item, program, { dtype: 'F32', passes: [], elements });
  let slices = 0;
  for (const stretch of stretchesOf(item.elements, sliceElements)) {
    yield* operands.read(item, [formula], stretch);
    operands.bench.run(formula, uniforms, stretch);
    const { buffer, byteOffset } = operands.bench.output(32, stretch.elements);
    take(new Float32Array(buffer, byteOffset, stretch.elements), stretch.first);
    slices++;
  }
  return slices;
}

function* stored({ values }: Matrix, dtype: ComputedType, to: Destination): Steps<StoredFactor> {
  const width = dtypeBytes[dtype];
  const atOnce = pieceBytes / width;
  const pieces: PieceHash[] = [];
  const room = new Uint8Array(width * Math.min(values.length, atOnce));
  let nonFinite: number | undefined;
  for (let first = 0; first < values.length; first += atOnce) {
    const part = values.subarray(first, first + atOnce);
    const bytes = room.subarray(0, width * part.length);
    roundOnce(part, dtype, bytes);
    const found = nonFinite === undefined ? indexOfNonFinite(bytes, dtype) : undefined;
    if (found !== undefined) nonFinite = first + found;
    pieces.push(...(yield { kind: 'write', to, at: width * first, bytes }));
  }
  return { pieces, ...(nonFinite === undefined ? {} : { nonFinite }) };
}
