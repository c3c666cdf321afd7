import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleFolder, writeWeights } from '../../engine/safetensors/sample-files.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { analyse } from '../analysis/analysis.ts';
import { HeaderStore } from './header-store.ts';
import { modelSources } from './sources.ts';

let root: string;

beforeEach(() => (root = sampleFolder()));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const text = `model base = "./base"
adapter tone = lora("./tone", on: base)
merge m = base + tone
output m to "./out"
`;

function writeAdapter(module: string, config: string): void {
  const folder = join(root, 'tone');
  mkdirSync(folder, { recursive: true });
  writeWeights(folder, {
    [`base_model.model.${module}.lora_A.weight`]: 'F32 [2,4]',
    [`base_model.model.${module}.lora_B.weight`]: 'F32 [3,2]',
  });
  renameSync(join(folder, 'model.safetensors'), join(folder, 'adapter_model.safetensors'));
  writeFileSync(join(folder, 'adapter_config.json'), config);
}

it('follows an adapter: what it changes, what it does not fit, and what becomes of its configuration', async () => {
  mkdirSync(join(root, 'base'));
  writeWeights(join(root, 'base'), { 'q.weight': 'BF16 [3,4]', 'v.weight': 'BF16 [3,4]' });
  const store = new HeaderStore({ trust: { trusted: true, folders: [] } });
  const sources = modelSources(parse(text).recipe, root);
  const told = (): readonly string[] => {
    const models = new Map(
      [...sources].flatMap(([name, source]) => {
        const answer = source && store.answerTo(source);
        return answer === undefined ? [] : [[name, answer] as const];
      }),
    );
    const { checked } = analyse({ uri: '', version: 1, text, catalogue, models });
    return checked.diagnostics.map(({ code, start, end }) => `${code} ${text.slice(start, end)}`);
  };
  writeAdapter('q', '{"r": 2}');
  await store.want(
    'recipe',
    [...sources.values()].flatMap((source) => source ?? []),
  );
  expect(told()).toEqual([]);

  writeAdapter('k', '{"r": 2}');
  expect(await store.look()).toBe(true);
  expect(told()).toEqual(['MW4526 lora("./tone", on: base)']);

  writeAdapter('q', '{"r": 2, "use_dora": true}');
  expect(await store.look()).toBe(true);
  expect(told()).toEqual(['MW4524 lora("./tone", on: base)']);
});
