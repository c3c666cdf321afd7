import { allDigits, pixelCount } from './images.ts';
import type { Tensor } from '../safetensors.ts';

/**
 * A residual network with the skeleton and the names of a language model, so that recipes for it
 * read like recipes for one: where that has a token's embedding, this has a projection of the
 * pixels, and where that has the next token, this has the digit.
 *
 *     x = E p
 *     x = x + D relu(U norm(x))      in each layer
 *     logits = H norm(x)
 *
 * norm(x) = g x / sqrt(mean(x²) + ε), element by element. All arithmetic is + − × ÷ and sqrt on
 * f64, rounded to f32 where a vector is stored, so that every JavaScript engine gets the same values.
 */
export interface Network {
  /** E, [hidden, pixels]. */
  readonly embedIn: Float32Array;
  readonly layers: readonly Layer[];
  /** g of the last norm, [hidden]. */
  readonly norm: Float32Array;
  /** H, [digits, hidden]. */
  readonly head: Float32Array;
}

export interface Layer {
  /** g, [hidden]. */
  readonly norm: Float32Array;
  /** U, [inner, hidden]. */
  readonly up: Float32Array;
  /** D, [hidden, inner]. */
  readonly down: Float32Array;
}

/** What the forward pass leaves behind for the backward pass. */
export interface Trace {
  /** x before each layer, and after the last: one more than there are layers. */
  readonly residuals: Float32Array[];
  /** norm(x) of each layer, and of the last norm. */
  readonly normed: Float32Array[];
  /** 1 / sqrt(mean(x²) + ε), one for each of `normed`. */
  readonly inverseRms: number[];
  /** relu(U norm(x)) of each layer. */
  readonly activated: Float32Array[];
  readonly logits: Float32Array;
}

export const digitCount = allDigits.length;
const epsilon = 1e-5;

/** The digit that the network sees in these pixels; of equal logits, the lower digit. */
export function classify(network: Network, pixels: Float32Array): number {
  const { logits } = forward(network, pixels);
  return logits.indexOf(logits.reduce((most, logit) => Math.max(most, logit)));
}

export function forward(network: Network, pixels: Float32Array): Trace {
  let x = multiply(network.embedIn, pixels);
  const trace = { residuals: [x], normed: [], inverseRms: [], activated: [] } as {
    residuals: Float32Array[];
    normed: Float32Array[];
    inverseRms: number[];
    activated: Float32Array[];
  };
  const normalise = (gain: Float32Array): Float32Array => {
    const scale = inverseRms(x);
    const normed = x.map((value, i) => value * scale * gain[i]);
    trace.inverseRms.push(scale);
    trace.normed.push(normed);
    return normed;
  };
  for (const { norm, up, down } of network.layers) {
    const activated = multiply(up, normalise(norm)).map((value) => Math.max(value, 0));
    const change = multiply(down, activated);
    x = x.map((value, i) => value + change[i]);
    trace.activated.push(activated);
    trace.residuals.push(x);
  }
  return { ...trace, logits: multiply(network.head, normalise(network.norm)) };
}

function inverseRms(x: Float32Array): number {
  let squares = 0;
  for (const value of x) squares += value * value;
  return 1 / Math.sqrt(squares / x.length + epsilon);
}

/** M v, for M stored [rows, columns] and v [columns]. Most pixels are black: zeros are passed over. */
function multiply(matrix: Float32Array, vector: Float32Array): Float32Array {
  const columns = vector.length;
  const product = new Float32Array(matrix.length / columns);
  const filled: number[] = [];
  for (let column = 0; column < columns; column++) if (vector[column] !== 0) filled.push(column);
  for (let row = 0; row < product.length; row++) {
    const start = row * columns;
    let sum = 0;
    for (const column of filled) sum += matrix[start + column] * vector[column];
    product[row] = sum;
  }
  return product;
}

/** The network's tensors under the names that checkpoints use. */
export function tensorsOf(network: Network): Tensor[] {
  const hidden = network.norm.length;
  const matrix = (name: string, values: Float32Array, rows: number): Tensor => ({
    name,
    shape: [rows, values.length / rows],
    values,
  });
  const vector = (name: string, values: Float32Array): Tensor => ({
    name,
    shape: [values.length],
    values,
  });
  return [
    matrix(names.embedIn, network.embedIn, hidden),
    ...network.layers.flatMap(({ norm, up, down }, i) => [
      vector(names.layerNorm(i), norm),
      matrix(names.up(i), up, up.length / hidden),
      matrix(names.down(i), down, hidden),
    ]),
    vector(names.norm, network.norm),
    matrix(names.head, network.head, digitCount),
  ];
}

/** The network whose tensors these are, with as many layers as there are numbers from 0. */
export function networkOf(tensors: ReadonlyMap<string, Tensor>): Network {
  const values = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`The checkpoint has no tensor ${name}.`);
    return tensor.values;
  };
  const layers: Layer[] = [];
  for (let i = 0; tensors.has(names.up(i)); i++) {
    layers.push({
      norm: values(names.layerNorm(i)),
      up: values(names.up(i)),
      down: values(names.down(i)),
    });
  }
  const embedIn = values(names.embedIn);
  const norm = values(names.norm);
  if (embedIn.length !== norm.length * pixelCount) {
    throw new Error(`${names.embedIn} does not take the ${pixelCount} pixels of an image.`);
  }
  return { embedIn, layers, norm, head: values(names.head) };
}

const names = {
  embedIn: 'model.embed_in.weight',
  layerNorm: (layer: number) => `model.layers.${layer}.input_layernorm.weight`,
  up: (layer: number) => `model.layers.${layer}.mlp.up_proj.weight`,
  down: (layer: number) => `model.layers.${layer}.mlp.down_proj.weight`,
  norm: 'model.norm.weight',
  head: 'lm_head.weight',
} as const;
