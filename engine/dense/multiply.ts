/** Products of matrices. */
import { depthUnit, tile } from './emit-multiply.ts';
import { matrix, type Matrix } from './matrix.ts';
import { type Lines, pack, padded, type Stretch } from './pack.ts';
import { inRoom } from './room.ts';

export interface MultiplyOptions {
  /** The factor whose transpose is meant: `left` gives aᵀb, `right` gives abᵀ. */
  readonly transposed?: 'left' | 'right';
}

/** What of the factors is packed at a time. A stretch of k of both lies in the caches while the product goes by. */
const most = { depth: 256, rowsAtOnce: 64, rows: 2048, columns: 512 } as const;

/**
 * The product a·b, of a's rows and b's columns. An element is ((0 + a₀b₀) + a₁b₁) + …, in rising order, each product and each sum
 * rounded in f64; nothing is fused. Values that are not finite go by the rules of floats. Throws where the shapes do not fit.
 */
export function multiply(a: Matrix, b: Matrix, { transposed }: MultiplyOptions = {}): Matrix {
  const left = transposed === 'left' ? columnsOf(a) : rowsOf(a);
  const right = transposed === 'right' ? rowsOf(b) : columnsOf(b);
  if (left.length !== right.length)
    throw new RangeError(
      `${left.count} × ${left.length} times ${right.length} × ${right.count} is no product.`,
    );
  const product = matrix(left.count, right.count);
  for (const columns of stretches(right.count, most.columns))
    for (const rows of stretches(left.count, most.rows))
      multiplyPart(product, { left, right, rows, columns });
  return product;
}

interface Part {
  readonly left: Lines;
  readonly right: Lines;
  readonly rows: Stretch;
  readonly columns: Stretch;
}

function rowsOf({ rows, columns, values }: Matrix): Lines {
  return { values, count: rows, length: columns, step: columns, stride: 1 };
}

function columnsOf({ rows, columns, values }: Matrix): Lines {
  return { values, count: columns, length: rows, step: 1, stride: columns };
}

function multiplyPart(product: Matrix, { left, right, rows, columns }: Part): void {
  inRoom((room) => {
    const width = padded(columns.count, tile);
    const depth = Math.min(most.depth, padded(left.length, depthUnit));
    const rightAt = room.take(width * depth);
    const leftAt = room.take(2 * padded(Math.min(most.rowsAtOnce, rows.count), tile) * depth);
    const four = fourLength(rows.count);
    const madeLength = (width / tile) * four;
    const out = room.take(madeLength);
    room.doubles(out, madeLength).fill(0);
    for (const ks of stretches(left.length, most.depth)) {
      const deep = padded(ks.count, depthUnit);
      pack(right, columns, ks, { into: room.doubles(rightAt, width * deep), copies: 1 });
      for (const some of stretches(rows.count, most.rowsAtOnce)) {
        const height = padded(some.count, tile);
        const lines = { first: rows.first + some.first, count: some.count };
        pack(left, lines, ks, { into: room.doubles(leftAt, 2 * height * deep), copies: 2 });
        for (let column = 0; column < width / tile; column++)
          room.multiply({
            left: leftAt,
            fours: height / tile,
            right: rightAt + 8 * column * tile * deep,
            units: deep / depthUnit,
            out: out + 8 * (column * four + some.first * tile),
          });
      }
    }
    unpack(room.doubles(out, madeLength), product, rows, columns);
  });
}

/**
 * Doubles from four columns of the product to the next four. Rows lie one after another in them; the cache line between keeps a
 * row's fours from falling on one place of a cache.
 */
function fourLength(rows: number): number {
  return tile * padded(rows, tile) + 8;
}

/** Into the product from fours of its columns. */
function unpack(made: Float64Array, product: Matrix, rows: Stretch, columns: Stretch): void {
  const { values, columns: width } = product;
  const four = fourLength(rows.count);
  const whole = columns.count - (columns.count % tile);
  for (let row = 0; row < rows.count; row++) {
    let from = row * tile;
    let to = (rows.first + row) * width + columns.first;
    const end = to + whole;
    for (; to < end; to += tile, from += four) {
      values[to] = made[from]!;
      values[to + 1] = made[from + 1]!;
      values[to + 2] = made[from + 2]!;
      values[to + 3] = made[from + 3]!;
    }
    for (let column = whole; column < columns.count; column++) values[to++] = made[from++]!;
  }
}

/** From 0 to `length` in stretches of `most`. */
function stretches(length: number, most: number): readonly Stretch[] {
  return Array.from({ length: Math.ceil(length / most) }, (_, index) => ({
    first: index * most,
    count: Math.min(most, length - index * most),
  }));
}
