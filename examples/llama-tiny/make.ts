import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { seedOf, uniform, words } from '../random.ts';
import type { Words } from '../random.ts';
import { bytesPerValue, encodeHeader, valueCount } from '../safetensors.ts';
import type { FloatType } from '../safetensors.ts';
import { shardIndex, shardName, sideFiles, splitIntoShards } from './files.ts';
import { readOptions, usage } from './options.ts';
import type { LlamaTinyOptions } from './options.ts';
import { store } from './rounding.ts';
import { llamaShape, llamaTensors, parameterCount } from './shape.ts';
import type { LlamaShape, LlamaTensor } from './shape.ts';

export interface LlamaTiny {
  /** The folders written: the base's, then the experts', `expert-1` first. */
  readonly folders: readonly string[];
  /** Of each checkpoint. */
  readonly parameters: number;
  readonly shape: LlamaShape;
}

/** Values at a time; what is held in memory is a few times 4 MiB, whatever the checkpoint's size. */
const chunkLength = 1 << 20;

/** A trained matrix spreads about ±0.02, and fine-tuning moves it by a twentieth of that. */
const matrixSpread = 0.02;
const normSpread = 0.1;
const changeSpread = 0.001;

/**
 * Writes a Llama-shaped base and variants of it: random weights of a trained model's size, with
 * Hugging Face's names and files. A variant is the base as stored plus a small change of every
 * weight. The same options give the same bytes; the number of shards changes no value.
 */
export function makeLlamaTiny(options: LlamaTinyOptions): LlamaTiny {
  const { out, shards = 1, dtype = 'BF16', experts = 3, seed = 0 } = options;
  const shape = llamaShape(options);
  const parameters = parameterCount(shape);
  const tensors = llamaTensors(shape);
  const files = splitIntoShards(
    tensors.map((tensor, number) => ({ ...tensor, dtype, number })),
    Math.min(shards, tensors.length),
  );
  const folders = Array.from({ length: experts + 1 }, (_, model) =>
    join(out, model === 0 ? 'base' : `expert-${model}`),
  );
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    removeWeights(folder);
    for (const [name, text] of Object.entries(sideFiles(shape, dtype))) {
      writeFileSync(join(folder, name), text);
    }
    if (files.length === 1) continue;
    const index = shardIndex(files, { parameters, dtype });
    writeFileSync(join(folder, 'model.safetensors.index.json'), index);
  }
  const bell = bellTable(seed);
  files.forEach((held, shard) => {
    const handles = folders.map((folder) =>
      openSync(join(folder, shardName(shard, files.length)), 'w'),
    );
    const header = encodeHeader(held);
    for (const handle of handles) writeSync(handle, header);
    for (const tensor of held) {
      const streams = folders.map((_, model) => words(seedOf(seed, tensor.number, model)));
      writeTensor(tensor, { dtype, streams, handles, bell });
    }
    handles.forEach(closeSync);
  });
  return { folders, parameters, shape };
}

/** One tensor of all checkpoints, chunk by chunk, so that the base's values are at hand for the rest. */
function writeTensor(
  { shape, kind }: LlamaTensor,
  to: {
    readonly dtype: FloatType;
    readonly streams: readonly Words[];
    readonly handles: readonly number[];
    readonly bell: Float32Array;
  },
): void {
  const [middle, spread] = kind === 'norm' ? [1, normSpread] : [0, matrixSpread];
  const count = valueCount(shape);
  for (let first = 0; first < count; first += chunkLength) {
    const length = Math.min(chunkLength, count - first);
    const base = new Float32Array(length);
    const changed = new Float32Array(length);
    const stored = new ArrayBuffer(length * bytesPerValue[to.dtype]);
    to.streams.forEach((next, model) => {
      const values = model === 0 ? base.fill(middle) : changed;
      if (model > 0) values.set(base);
      addNoise(values, model === 0 ? spread : changeSpread, next, to.bell);
      store(values, to.dtype, stored);
      writeAll(to.handles[model], new Uint8Array(stored));
    });
  }
}

/** Adds noise of standard deviation `spread`: of each word, two entries of the table. */
function addNoise(values: Float32Array, spread: number, next: Words, bell: Float32Array): void {
  const scale = spread * Math.SQRT1_2;
  for (let i = 0; i < values.length; i++) {
    const word = next();
    values[i] = values[i] + scale * (bell[word & 0xffff] + bell[word >>> 16]);
  }
}

/** 65,536 draws of nearly normal noise of standard deviation 1: twelve even draws added up, less 6. */
function bellTable(seed: number): Float32Array {
  const next = words(seedOf(seed, -1));
  return Float32Array.from({ length: 0x1_0000 }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform(next);
    return sum;
  });
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(handle, bytes, written);
  }
}

/** An earlier run may have left another number of shards. */
function removeWeights(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/.test(name))
      rmSync(join(folder, name));
  }
}

function main(): number {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(`${options}\n\n${usage}`);
    return 2;
  }
  const { folders, parameters, shape } = makeLlamaTiny(options);
  const { layers, hidden } = shape;
  console.log(
    `${(parameters / 1e6).toFixed(2)} M parameters each, ${layers} layers, ${hidden} wide`,
  );
  for (const folder of folders) console.log(folder);
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main();
