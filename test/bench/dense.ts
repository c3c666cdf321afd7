/**
 * Dense algebra in f64 on one thread, with matrices of 512 × 512: the product beside the plain loop, as a product is defined, and
 * beside the order that JavaScript does best, whose inner index runs along rows; and the singular values. That all products are
 * the same bytes is part of the measure.
 */
import { matrix, type Matrix } from '../../engine/dense/matrix.ts';
import { multiply } from '../../engine/dense/multiply.ts';
import { svd } from '../../engine/dense/svd.ts';
import { drawWord } from '../../engine/numeric/threefry.ts';
import { atLeast, type BenchRow } from './rows.ts';

const group = 'dense algebra in f64, one thread';
const size = 512;

export function denseRows({ runs }: { readonly runs: number }): readonly BenchRow[] {
  const [a, b] = [noise(1), noise(2)];
  const [own, plain, byRows] = [new Fastest(), new Fastest(), new Fastest()];
  for (let run = 0; run < runs; run += 1) {
    const made = own.time(() => multiply(a, b));
    for (const wanted of [
      plain.time(() => plainProduct(a, b)),
      byRows.time(() => productByRows(a, b)),
    ])
      if (made.values.some((value, at) => value !== wanted.values[at]))
        throw new Error('the product differs from the plain loop’s');
  }
  const whole = new Fastest();
  for (let run = 0; run < Math.min(3, runs); run += 1) whole.time(() => svd(a));
  const rate = ({ seconds }: Fastest): string =>
    `${((2 * size ** 3) / seconds / 1e9).toFixed(1)} GFLOP/s`;
  return [
    {
      group,
      title: 'f64 matmul / plain JavaScript loop',
      value: plain.seconds / own.seconds,
      bound: atLeast(10),
      detail: `${rate(own)} / ${rate(plain)}`,
    },
    {
      group,
      title: 'f64 matmul / the same loop along rows',
      value: byRows.seconds / own.seconds,
      detail: `${rate(own)} / ${rate(byRows)}`,
    },
    { group, title: 'singular value decomposition', value: whole.seconds, unit: 's' },
  ];
}

class Fastest {
  seconds = Infinity;

  time<T>(work: () => T): T {
    const start = performance.now();
    const made = work();
    this.seconds = Math.min(this.seconds, (performance.now() - start) / 1000);
    return made;
  }
}

function plainProduct(a: Matrix, b: Matrix): Matrix {
  const [left, right, product] = [a.values, b.values, new Float64Array(size * size)];
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) {
      let sum = 0;
      for (let k = 0; k < size; k += 1) sum += left[i * size + k]! * right[k * size + j]!;
      product[i * size + j] = sum;
    }
  return matrix(size, size, product);
}

function productByRows(a: Matrix, b: Matrix): Matrix {
  const [left, right, product] = [a.values, b.values, new Float64Array(size * size)];
  for (let i = 0; i < size; i += 1)
    for (let k = 0; k < size; k += 1) {
      const factor = left[i * size + k]!;
      for (let j = 0; j < size; j += 1) product[i * size + j]! += factor * right[k * size + j]!;
    }
  return matrix(size, size, product);
}

/** Values between −1 and 1. */
function noise(stream: number): Matrix {
  const values = Float64Array.from(
    { length: size * size },
    (_, at) => drawWord([stream, size], at) / 2 ** 31 - 1,
  );
  return matrix(size, size, values);
}
