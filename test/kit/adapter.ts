/** LoRA adapters for tests, written as trainers write them, and their changes by plain arithmetic in doubles. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor, valuesOf, bytesOf, writeModel, type TestModel, type TestTensor } from './model.ts';
import { weights } from './values.ts';

type Factor = 'F64' | 'F32' | 'F16' | 'BF16' | 'F8_E4M3' | 'F8_E5M2';

export interface TestFactors {
  /** [rank, …] */
  readonly down: TestTensor;
  /** [rows, rank, …] */
  readonly up: TestTensor;
}

/** Two factors of these shapes, full of weights. */
export function factors(
  down: readonly number[],
  up: readonly number[],
  { seed = 1, dtype = 'F32' }: { readonly seed?: number; readonly dtype?: Factor } = {},
): TestFactors {
  const filled = (shape: readonly number[], of: number): TestTensor =>
    tensor(
      weights(
        shape.reduce((a, b) => a * b, 1),
        of,
      ).map((x) => 8 * x),
      dtype,
      shape,
    );
  return { down: filled(down, 2 * seed), up: filled(up, 2 * seed + 1) };
}

/** A folder as PEFT leaves it; keys are what follows `base_model.model.`. */
export function writePeft(
  folder: string,
  modules: Readonly<Record<string, TestFactors>>,
  config: Readonly<Record<string, unknown>> = {},
): void {
  const tensors: TestModel = Object.fromEntries(
    Object.entries(modules).flatMap(([module, { down, up }]) => {
      const isEmbedding = /\bembed(_tokens)?$/.test(module);
      const [first, second] = isEmbedding
        ? (['lora_embedding_A', 'lora_embedding_B'] as const)
        : (['lora_A.weight', 'lora_B.weight'] as const);
      const key = `base_model.model.${module}`;
      return [
        [`${key}.${first}`, down],
        [`${key}.${second}`, up],
      ] as const;
    }),
  );
  writeTensors(folder, 'adapter_model.safetensors', tensors);
  const [first] = Object.values(modules);
  const whole = { peft_type: 'LORA', r: first?.down.shape[0] ?? 1, lora_alpha: 4, ...config };
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(whole));
}

/** One file as kohya's scripts leave it. */
export function writeKohya(
  folder: string,
  modules: Readonly<Record<string, TestFactors & { readonly alpha?: number }>>,
): void {
  const tensors = Object.entries(modules).flatMap(([key, { down, up, alpha }]) => [
    [`${key}.lora_down.weight`, down] as const,
    [`${key}.lora_up.weight`, up] as const,
    ...(alpha === undefined ? [] : [[`${key}.alpha`, tensor([alpha], 'F32', [])] as const]),
  ]);
  writeTensors(folder, 'tone.safetensors', Object.fromEntries(tensors));
}

export function writeTensors(folder: string, name: string, model: TestModel): void {
  writeModel(folder, model);
  renameSync(join(folder, 'model.safetensors'), join(folder, name));
}

/** scale · up · down, k rising in doubles, the scale last, then f32; row after row, or turned over. */
export function change(
  { down, up }: TestFactors,
  scale: number,
  { isTurned = false }: { readonly isTurned?: boolean } = {},
): readonly number[] {
  const [a, b] = [down, up].map((of) => valuesOf(bytesOf(of), of.dtype)) as [number[], number[]];
  const rank = down.shape[0]!;
  const rows = up.shape[0]!;
  const columns = a.length / rank;
  const at = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[i * rank + k]! * a[k * columns + j]!;
    return Math.fround(scale * sum);
  };
  return Array.from({ length: rows * columns }, (_, index) =>
    isTurned
      ? at(index % rows, Math.floor(index / rows))
      : at(Math.floor(index / columns), index % columns),
  );
}
