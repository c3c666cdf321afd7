/** Small checkpoints and recipes for tests: written, opened, checked, planned and run as from the command line. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { check } from '../../grammar/check/check.ts';
import type { Checked, HeaderAnswer, Step } from '../../grammar/check/checked.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { headerAnswer } from '../checkpoints/header-answer.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { valueOf } from '../faults/fault.ts';
import { catalogue } from '../methods/catalogue.ts';
import { narrow, widen } from '../numeric/storage.ts';
import { makePlan } from '../plan/make-plan.ts';
import { nodeFiles } from '../run/file-access.ts';
import type { Judge, RunOutcome } from '../run/options.ts';
import { runPlan } from '../run/run-plan.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { layoutShards } from '../safetensors/layout.ts';
import { sampleFolder } from '../safetensors/sample-files.ts';
import type { Plan } from '../plan/plan.ts';

export type Stored = 'F32' | 'BF16' | 'F16';

/** By tensor: its values, which the type must hold. */
export type Weights = Readonly<Record<string, Float32Array>>;

export interface ModelFolder {
  readonly weights: Weights;
  readonly dtype?: Stored;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly shardBytes?: number;
}

export interface Workplace {
  readonly folder: string;
  readonly checked: Checked;
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
}

/** Writes the models, puts their `model` statements before the recipe, and checks it with their headers. */
export async function workplace(
  models: Readonly<Record<string, ModelFolder>>,
  recipe: string,
): Promise<Workplace> {
  const folder = sampleFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const checkpoints = new Map<string, Checkpoint>();
  const headers = new Map<string, HeaderAnswer>();
  for (const [name, model] of Object.entries(models)) {
    const path = join(folder, name);
    writeModel(path, model);
    const checkpoint = valueOf(await openCheckpoint({ kind: 'local', path }));
    checkpoints.set(name, checkpoint);
    headers.set(name, headerAnswer(checkpoint));
  }
  const prelude = Object.keys(models).map((name) => `model ${name} = "./${name}"\n`);
  const text = prelude.join('') + recipe;
  const checked = check({ text, ...parse(text), catalogue, headers });
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return { folder, checked, checkpoints };
}

export function stepNamed({ checked }: Workplace, name: string): Step {
  return checked.steps.find((step) => step.name === name)!;
}

export function planFor(place: Workplace, only?: readonly string[]): Plan {
  const { checked, checkpoints, folder } = place;
  const outputs = checked.outputs
    .filter(({ step }) => only === undefined || only.includes(step.name))
    .map((output) => ({ output, folder: join(folder, output.folder) }));
  return valueOf(makePlan({ checked, checkpoints, outputs, engineVersion: 'test' }));
}

export async function run(
  plan: Plan,
  judge: Judge,
  options: { readonly memory?: number; readonly overwrite?: boolean } = {},
): Promise<RunOutcome> {
  return valueOf(
    await runPlan(plan, {
      backend: 'wasm',
      memory: options.memory ?? 256 << 20,
      threads: 1,
      overwrite: options.overwrite ?? false,
      allowNonFinite: false,
      allowSoftwareGpu: false,
      engineVersion: 'test',
      recipe: { text: '' },
      inline: nodeFiles(),
      judge,
    }),
  );
}

function writeModel(
  folder: string,
  { weights, dtype = 'F32', config, shardBytes }: ModelFolder,
): void {
  mkdirSync(folder, { recursive: true });
  const headers = Object.entries(weights).map(([name, { length }]) => ({
    name,
    dtype,
    shape: [length],
  }));
  const layout = valueOf(layoutShards(headers, shardBytes === undefined ? {} : { shardBytes }));
  layout.files.forEach(({ name, size, header }, file) => {
    const bytes = Buffer.alloc(size);
    bytes.set(header);
    for (const [tensor, placed] of layout.tensors) {
      if (placed.file === file) bytes.set(encoded(weights[tensor]!, dtype), placed.offset);
    }
    writeFileSync(join(folder, name), bytes);
  });
  if (layout.indexJson !== undefined)
    writeFileSync(join(folder, 'model.safetensors.index.json'), layout.indexJson);
  if (config !== undefined) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
}

/** All tensors of a folder that one file holds, widened. */
export function readModel(folder: string): Weights {
  const bytes = readFileSync(join(folder, 'model.safetensors'));
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, end)) as Record<
    string,
    { dtype: Stored; data_offsets: [number, number] }
  >;
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, { dtype, data_offsets: offsets }]) =>
      name === '__metadata__'
        ? []
        : [[name, decoded(bytes.subarray(end + offsets[0], end + offsets[1]), dtype)] as const],
    ),
  );
}

/** The nearest values that the type holds. */
export function roundedTo(values: Float32Array, dtype: Stored): Float32Array {
  return decoded(encoded(values, dtype), dtype);
}

function encoded(values: Float32Array, dtype: Stored): Buffer {
  const width = dtypeBytes[dtype];
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bytes = Buffer.alloc(values.length * width);
  bits.forEach((word, i) => bytes.writeUIntLE(narrow(word, dtype), i * width, width));
  return bytes;
}

function decoded(bytes: Buffer, dtype: Stored): Float32Array {
  const width = dtypeBytes[dtype];
  const bits = Uint32Array.from({ length: bytes.length / width }, (_, i) =>
    widen(bytes.readUIntLE(i * width, width), dtype),
  );
  return new Float32Array(bits.buffer);
}
