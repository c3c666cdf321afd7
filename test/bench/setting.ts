/** What the bench merges: a base and three experts of a real model's shape, and a recipe for each method. */
import { mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeLlamaTiny } from '../../examples/llama-tiny/make.ts';
import { llamaShape, parameterCount } from '../../examples/llama-tiny/shape.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const builtCommand = join(root, 'dist', 'mergewright.mjs');

export const methods = {
  linear: 'linear([a, b, c], weight: [0.5, 0.3, 0.2])',
  task_arithmetic: 'task_arithmetic(base, [a, b, c], scale: 0.4)',
  slerp: 'slerp(a, b, t: 0.3)',
  ties: 'ties(base, [a, b, c], density: 20%)',
  dare_ties: 'dare_ties(base, [a, b, c], density: 50%, seed: 1)',
} as const;

export type BenchMethod = keyof typeof methods;
export const methodNames = Object.keys(methods) as readonly BenchMethod[];

const folders = { base: 'base', a: 'expert-1', b: 'expert-2', c: 'expert-3' } as const;
type ModelName = keyof typeof folders;
const modelNames = Object.keys(folders) as readonly ModelName[];

export interface Setting {
  readonly folder: string;
  readonly parameters: number;
  /** Where every recipe's output goes. */
  readonly out: string;
  recipe(method: BenchMethod): string;
  /** The weights of the models that a method's call names. */
  inputs(method: BenchMethod): readonly string[];
  /** The folder of a model. */
  model(name: string): string;
}

/** Makes the models unless they are there; throws where the disk lacks room. */
export function makeSetting(wanted: {
  readonly parameters: number;
  readonly folder: string;
  readonly onMake?: (text: string) => void;
}): Setting {
  const { parameters, folder } = wanted;
  const setting: Setting = {
    folder,
    parameters: parameterCount(llamaShape({ parameters })),
    out: join(folder, 'out'),
    recipe: (method) => join(folder, `${method}.merge`),
    inputs: (method) => namedIn(methods[method]).map((name) => weightsOf(folder, name)),
    model: (name) => join(folder, folders[name as ModelName]),
  };
  mkdirSync(folder, { recursive: true });
  if (!areMade(setting)) {
    const needed = setting.parameters * 2 * 6;
    const free = freeBytes(folder);
    if (free < needed)
      throw new Error(
        `the models and outputs need ${gigabytes(needed)} at ${folder}; ${gigabytes(free)} are free`,
      );
    wanted.onMake?.(
      `making a base and three experts of ${gigabytes(setting.parameters * 2)} in ${folder}`,
    );
    makeLlamaTiny({ out: folder, parameters, experts: 3, shards: 1, dtype: 'BF16' });
  }
  for (const [method, call] of Object.entries(methods)) {
    const models = namedIn(call).map((name) => `model ${name} = "./${folders[name]}"`);
    const text = [...models, `merge merged = ${call}`, 'output merged to "./out"', ''].join('\n');
    writeFileSync(join(folder, `${method}.merge`), text);
  }
  return setting;
}

function namedIn(call: string): readonly ModelName[] {
  return modelNames.filter((name) => new RegExp(`\\b${name}\\b`).test(call));
}

function weightsOf(folder: string, name: ModelName): string {
  return join(folder, folders[name], 'model.safetensors');
}

function areMade({ folder, parameters }: Setting): boolean {
  const bytes = 2 * parameters;
  return modelNames.every((name) => {
    const size = statSync(weightsOf(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    return size > bytes && size < 1.01 * bytes + 1e6;
  });
}

/** Brings all models into the system's cache, a piece at a time. */
export function warm(setting: Setting): void {
  for (const name of modelNames) readFileSync(weightsOf(setting.folder, name));
}

export function clearOutput({ out }: Setting): void {
  rmSync(out, { recursive: true, force: true });
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 1)} GB`;
}
