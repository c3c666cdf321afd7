/** Adapters to be made into others, and what a recipe wrote as one: its files, and its changes as they are read back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openLocalAdapter } from '../../engine/adapters/open-adapter.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import type { MergeReport } from '../../engine/output/report.ts';
import type { RunOptions } from '../../engine/run/options.ts';
import { factors, writePeft } from './adapter.ts';
import { runRecipe, writeRecipe } from './merge.ts';
import { bytesOf, tensor, valuesOf, type TestModel } from './model.ts';
import { weights } from './values.ts';

export const shapes = {
  'model.embed_tokens.weight': [11, 6],
  'model.layers.0.self_attn.q_proj.weight': [9, 7],
  'model.layers.0.self_attn.k_proj.weight': [6, 6],
  'model.layers.1.self_attn.q_proj.weight': [9, 7],
  'model.layers.1.self_attn.k_proj.weight': [6, 6],
  'model.norm.weight': [6],
} as const;
type Name = keyof typeof shapes;
export const [, q0, k0, q1] = Object.keys(shapes) as [Name, Name, Name, Name];

export function filled(
  seed: number,
  of: Readonly<Record<string, readonly number[]>> = shapes,
): TestModel {
  return Object.fromEntries(
    Object.entries(of).map(([name, shape], index) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, tensor(weights(count, seed + index), 'F32', shape)] as const;
    }),
  );
}

export const base = filled(50);

export const style = {
  'model.layers.0.self_attn.q_proj': factors([2, 7], [9, 2], { seed: 1 }),
  'model.layers.0.self_attn.k_proj': factors([2, 6], [6, 2], { seed: 2 }),
};
export const hero = {
  'model.layers.0.self_attn.q_proj': factors([3, 7], [9, 3], { seed: 3 }),
  'model.layers.1.self_attn.q_proj': factors([3, 7], [9, 3], { seed: 4 }),
};
export const q0Key = 'model.layers.0.self_attn.q_proj';

/** Of the two adapters as they are written. */
export const scales = { style: 4 / 2, hero: 6 / Math.sqrt(3) };

export interface Written {
  readonly folder: string;
  readonly report: MergeReport;
  readonly config: Readonly<Record<string, unknown>>;
  /** Those of its factors. */
  readonly dtypes: ReadonlySet<string>;
  /** By their names in the file. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** The changes as they are read back, in doubles: row after row. */
  readonly changes: ReadonlyMap<string, readonly number[]>;
}

export const prelude =
  'adapter style = lora("./style", on: base)\nadapter hero = lora("./hero", on: base)\n';

export function writeAdapters(folder: string): void {
  writePeft(join(folder, 'style'), style, { lora_alpha: 4 });
  writePeft(join(folder, 'hero'), hero, { lora_alpha: 6, use_rslora: true });
}

/** Runs a recipe whose output is ./out. */
export async function written(
  folder: string,
  recipe: string,
  {
    models = { base },
    options = {},
    on = models,
  }: {
    readonly models?: Readonly<Record<string, TestModel>>;
    readonly options?: Partial<RunOptions>;
    readonly on?: Readonly<Record<string, TestModel>>;
  } = {},
): Promise<Written> {
  const outcome = valueOf(await runRecipe(writeRecipe(folder, models, recipe), options));
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`);
  const [{ report, folder: out }] = outcome.outputs as [(typeof outcome.outputs)[number]];
  return { folder: out, report, ...(await readAdapter(out, on['base']!)) };
}

export async function readAdapter(
  folder: string,
  on: TestModel,
): Promise<Omit<Written, 'folder' | 'report'>> {
  const { files, tensors: placed, adapter } = await openLocalAdapter(folder);
  const bytes = new Uint8Array(readFileSync(files[0]!.path));
  const tensors = new Map(
    [...placed].map(([name, { dtype, offset, byteLength }]) => [
      name,
      valuesOf(bytes.subarray(offset, offset + byteLength), dtype) as readonly number[],
    ]),
  );
  const changes = new Map(
    adapter!.modules.map(({ path, up, down, rank, scale, isEmbedding }) => {
      expect(scale).toBe(1);
      const [b, a] = [tensors.get(up.tensor)!, tensors.get(down.tensor)!];
      const rows = up.shape[0]!;
      const columns = a.length / rank;
      const product = productOf(b, a, { rows, columns, rank });
      const isTurned = isEmbedding || (adapter!.fanInFanOut && on[`${path}.weight`] !== undefined);
      return [path, isTurned ? turned(product, rows) : product] as const;
    }),
  );
  const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const dtypes = new Set([...placed.values()].map(({ dtype }) => dtype));
  return { config, dtypes, tensors, changes };
}

function productOf(
  b: readonly number[],
  a: readonly number[],
  {
    rows,
    columns,
    rank,
  }: { readonly rows: number; readonly columns: number; readonly rank: number },
): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[i * rank + k]! * a[k * columns + j]!;
    return sum;
  });
}

function turned(values: readonly number[], rows: number): number[] {
  const columns = values.length / rows;
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
}

export const values = (of: { readonly dtype: 'F32' | string } & TestModel[string]): number[] =>
  valuesOf(bytesOf(of), of.dtype);

/** Σ (a − b)² */
export function apart(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);
}

export function norm(a: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
}
