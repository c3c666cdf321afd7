import { shuffle, uniform } from '../random.ts';
import type { Words } from '../random.ts';
import { pixelCount } from './images.ts';
import type { Image } from './images.ts';
import { digitCount, forward, tensorsOf } from './network.ts';
import type { Network } from './network.ts';

export interface Shape {
  readonly hidden: number;
  readonly inner: number;
  readonly layers: number;
}

export interface Schedule {
  readonly epochs: number;
  readonly batch: number;
  /** Adam's step size; it falls to a tenth of this, evenly, over the training. */
  readonly rate: number;
}

/** A network before its first step: matrices even in ±sqrt(3 / columns), the norms' gains 1. */
export function newNetwork({ hidden, inner, layers }: Shape, next: Words): Network {
  const matrix = (rows: number, columns: number, share = 1): Float32Array => {
    const bound = share * Math.sqrt(3 / columns);
    return Float32Array.from({ length: rows * columns }, () => (2 * uniform(next) - 1) * bound);
  };
  const ones = (): Float32Array => new Float32Array(hidden).fill(1);
  return {
    embedIn: matrix(hidden, pixelCount),
    layers: Array.from({ length: layers }, () => ({
      norm: ones(),
      up: matrix(inner, hidden),
      down: matrix(hidden, inner, 1 / Math.sqrt(layers)),
    })),
    norm: ones(),
    head: matrix(digitCount, hidden),
  };
}

/**
 * The network after training on the images by Adam (Kingma and Ba, 2015; β₁ = 0.9, β₂ = 0.999)
 * on the cross entropy. The start is left as it is. The same start, images, schedule and random
 * words give the same weights to the bit.
 */
export function train(
  start: Network,
  images: readonly Image[],
  { epochs, batch, rate }: Schedule,
  next: Words,
): Network {
  const network = copy(start);
  const weights = tensorsOf(network).map(({ values }) => values);
  const gradient = copy(start);
  const slopes = tensorsOf(gradient).map(({ values }) => values);
  const means = weights.map(({ length }) => new Float32Array(length));
  const squares = weights.map(({ length }) => new Float32Array(length));
  const order = [...images];
  const steps = epochs * Math.ceil(order.length / batch);
  let meanDecay = 1;
  let squareDecay = 1;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, next);
    for (let first = 0; first < order.length; first += batch, step++) {
      const group = order.slice(first, first + batch);
      for (const values of slopes) values.fill(0);
      for (const image of group) addGradient(network, image, gradient);
      meanDecay *= 0.9;
      squareDecay *= 0.999;
      const stepSize = rate * (1 - (0.9 * step) / steps);
      weights.forEach((values, tensor) => {
        const slope = slopes[tensor];
        const mean = means[tensor];
        const square = squares[tensor];
        for (let i = 0; i < values.length; i++) {
          const g = slope[i] / group.length;
          const m = 0.9 * mean[i] + 0.1 * g;
          const v = 0.999 * square[i] + 0.001 * g * g;
          mean[i] = m;
          square[i] = v;
          const scaled = m / (1 - meanDecay) / (Math.sqrt(v / (1 - squareDecay)) + 1e-8);
          values[i] = values[i] - stepSize * scaled;
        }
      });
    }
  }
  return network;
}

/** Adds the gradient of one image's cross entropy to `gradient`, tensor by tensor. */
function addGradient(network: Network, { pixels, digit }: Image, gradient: Network): void {
  const trace = forward(network, pixels);
  const last = network.layers.length;
  const dLogits = softmax(trace.logits);
  dLogits[digit] = dLogits[digit] - 1;
  addOuter(gradient.head, dLogits, trace.normed[last]);
  let dx = throughNorm(
    last,
    network.norm,
    gradient.norm,
    multiplyTransposed(network.head, dLogits),
  );
  for (let i = last - 1; i >= 0; i--) {
    const { norm, up, down } = network.layers[i];
    const slopes = gradient.layers[i];
    const activated = trace.activated[i];
    addOuter(slopes.down, dx, activated);
    const dActivated = multiplyTransposed(down, dx);
    const dInner = dActivated.map((value, j) => (activated[j] > 0 ? value : 0));
    addOuter(slopes.up, dInner, trace.normed[i]);
    const change = throughNorm(i, norm, slopes.norm, multiplyTransposed(up, dInner));
    dx = dx.map((value, j) => value + change[j]);
  }
  addOuter(gradient.embedIn, dx, pixels);

  /** With r = 1/rms and y = g r x: dx = r (g dy − x r² mean(x g dy)), dg = dy r x. */
  function throughNorm(
    i: number,
    gain: Float32Array,
    dGain: Float32Array,
    dy: Float32Array,
  ): Float32Array {
    const x = trace.residuals[i];
    const r = trace.inverseRms[i];
    let along = 0;
    for (let j = 0; j < x.length; j++) {
      along += x[j] * gain[j] * dy[j];
      dGain[j] = dGain[j] + dy[j] * r * x[j];
    }
    const pull = (along / x.length) * r * r;
    return x.map((value, j) => r * (gain[j] * dy[j] - value * pull));
  }
}

/** Mᵀ v, for M stored [rows, columns] and v [rows]. */
function multiplyTransposed(matrix: Float32Array, vector: Float32Array): Float32Array {
  const columns = matrix.length / vector.length;
  const product = new Float32Array(columns);
  for (let row = 0; row < vector.length; row++) {
    const factor = vector[row];
    if (factor === 0) continue;
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      product[column] = product[column] + matrix[start + column] * factor;
    }
  }
  return product;
}

/** M += v wᵀ. */
function addOuter(matrix: Float32Array, rows: Float32Array, columns: Float32Array): void {
  const filled: number[] = [];
  for (let column = 0; column < columns.length; column++) {
    if (columns[column] !== 0) filled.push(column);
  }
  for (let row = 0; row < rows.length; row++) {
    const factor = rows[row];
    if (factor === 0) continue;
    const start = row * columns.length;
    for (const column of filled) {
      matrix[start + column] = matrix[start + column] + factor * columns[column];
    }
  }
}

function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => exponential(logit - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/**
 * e^x for x ≤ 0, by its series at x / 1024 and ten squarings. `Math.exp` may differ in the last bit
 * between JavaScript engines, and training would carry that bit into every weight.
 */
function exponential(x: number): number {
  if (x < -80) return 0;
  const y = x / 1024;
  let power = 1 + y * (1 + (y / 2) * (1 + (y / 3) * (1 + (y / 4) * (1 + (y / 5) * (1 + y / 6)))));
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}

function copy({ embedIn, layers, norm, head }: Network): Network {
  return {
    embedIn: embedIn.slice(),
    layers: layers.map((layer) => ({
      norm: layer.norm.slice(),
      up: layer.up.slice(),
      down: layer.down.slice(),
    })),
    norm: norm.slice(),
    head: head.slice(),
  };
}
