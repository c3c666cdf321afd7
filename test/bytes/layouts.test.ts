/** How tensors lie in files changes the files, and nothing else. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../kit/merge.ts';
import { writeModel, type TestModel } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const names = ['a', 'b', 'c', 'd'];
const base = names.map((_, index) => weights(4099 + index, index));

function model(step: (values: Float32Array, index: number) => Float32Array): TestModel {
  return Object.fromEntries(
    names.map((name, index) => [name, stored(step(base[index]!, index), 'BF16')]),
  );
}

const recipe = `model base = "./base"
model expert = "./expert"
merge m = ties(base, [expert], density: 30%, scope: whole)
output m to "./out/single"
output m to "./out/sharded" { shards = 20 kB }
output m to "./out/wide" { dtype = f32 }
`;

test('sharded or single, read or written: one weights digest', async () => {
  using folder = testFolder();
  const path = join(folder.path, 'test.merge');
  writeFileSync(path, recipe);
  const expert = model((values, index) => stepped(values, index));
  writeModel(
    join(folder.path, 'base'),
    model((values) => values),
  );
  writeModel(join(folder.path, 'expert'), expert);
  const single = await runAll(path, {});
  expect(readdirSync(join(folder.path, 'out', 'single')).sort()).toEqual([
    'mergewright.json',
    'model.safetensors',
  ]);
  expect(readdirSync(join(folder.path, 'out', 'sharded')).sort()).toEqual([
    'mergewright.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'model.safetensors.index.json',
  ]);
  const { fingerprints } = single;
  expect(fingerprints.sharded!.weightsDigest).toBe(fingerprints.single!.weightsDigest);
  expect(fingerprints.wide!.weightsDigest).not.toBe(fingerprints.single!.weightsDigest);

  using other = testFolder();
  const again = join(other.path, 'test.merge');
  writeFileSync(again, recipe);
  writeModel(
    join(other.path, 'base'),
    model((values) => values),
    { shardBytes: 9000 },
  );
  writeModel(join(other.path, 'expert'), expert, { shardBytes: 17_000 });
  expect((await runAll(again, {})).fingerprints).toEqual(fingerprints);
});
