/** What mergekit computes, written as its YAML, imported and run. Methods that run later join once they run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { f32Bits } from '../../engine/numeric/decimal.ts';
import { narrow, widen } from '../../engine/numeric/storage.ts';
import { methods } from '../../engine/methods/catalogue.ts';
import { foreignMethods } from '../../grammar/mergekit/methods.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import vectors from '../fixtures/mergekit/vectors.json' with { type: 'json' };
import { readOutput, runRecipe, testFolder } from '../kit/merge.ts';
import { tensor, writeModel } from '../kit/model.ts';
import { checkedAsText, errorsIn } from './configurations.ts';

type Case = (typeof vectors.cases)[number];
type Parameters = Readonly<Record<string, number | boolean | undefined>>;

/** A case as somebody would write it for mergekit. */
function yamlOf({
  method,
  models,
  base_model,
  parameters,
  model_parameters,
  input_dtype,
}: Case): string {
  const own = model_parameters as Readonly<Record<string, Parameters | undefined>>;
  const lines = [
    `merge_method: ${method}`,
    ...(base_model === null ? [] : [`base_model: ./${base_model}`]),
    'models:',
    ...models.flatMap((model) => [
      `  - model: ./${model}`,
      ...parameterLines(own[model] ?? {}, '    '),
    ]),
    ...parameterLines(parameters, ''),
    `dtype: ${input_dtype}`,
  ];
  return `${lines.join('\n')}\n`;
}

function parameterLines(parameters: Parameters, indent: string): readonly string[] {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? []
    : [`${indent}parameters:`, ...entries.map(([name, value]) => `${indent}  ${name}: ${value}`)];
}

function runs({ method }: Case): boolean {
  return method === 'passthrough' || methods.has(foreignMethods.get(method)!.ours);
}

async function computed(one: Case): Promise<readonly number[]> {
  const dtype = one.input_dtype === 'bfloat16' ? 'BF16' : 'F32';
  using folder = testFolder();
  for (const [name, rows] of Object.entries(vectors.tensors)) {
    writeModel(join(folder.path, name), { 'w.weight': tensor(rows.flat(), dtype, [2, 3]) });
  }
  const { recipe, findings } = importYaml({ text: yamlOf(one), title: 'case' });
  expect(errorsIn(findings)).toEqual([]);
  const path = join(folder.path, 'case.merge');
  writeFileSync(path, recipe!.text);
  const outcome = valueOf(await runRecipe(path));
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`);
  const { tensors } = await readOutput(outcome.outputs[0]!.folder);
  return tensors.get('w.weight')!;
}

function bf16(value: number): number {
  return new Float32Array(Uint32Array.of(widen(narrow(f32Bits(value), 'BF16'), 'BF16')).buffer)[0]!;
}

const named = vectors.cases.map((one) => [`${one.case}, ${one.input_dtype}`, one] as const);
const now = named.filter(([, one]) => runs(one));
const later = named.filter(([, one]) => !runs(one));

test('there are vectors of every method that mergekit has one of', () => {
  expect(named).toHaveLength(56);
  expect(now.length).toBeGreaterThanOrEqual(20);
});

describe('imported and run, it gives what mergekit gives', () => {
  test.each(now)('%s', async (_, one) => {
    const values = await computed(one);
    if (one.input_dtype === 'bfloat16') expect(values).toEqual(one.output.map(bf16));
    else {
      values.forEach((value, index) =>
        expect(Math.abs(value - one.output[index]!)).toBeLessThanOrEqual(2e-6),
      );
    }
  });
});

// Once all methods run there are none of these.
describe.runIf(later.length > 0)('imported, it is checked and waits for its method', () => {
  test.each(later)('%s', (_, one) => {
    const { recipe } = importYaml({ text: yamlOf(one), title: 'case' });
    const { diagnostics } = checkedAsText(recipe!.text);
    expect(errorsIn(diagnostics)).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toContain('MW3901');
  });
});
