/** Model folders whose weights PyTorch saved. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rawFile, writeWeights } from '../safetensors/sample-files.ts';
import { dictOf } from '../pickle/sample-pickles.ts';
import { floatTensor, stateDict, torchLegacy, torchZip } from '../torch/sample-torch.ts';
import type { SampleTensor } from '../torch/sample-torch.ts';
import { readWeightsDigest } from './read-weights-digest.ts';
import { check, folderOf, opened, root } from './test-kit.ts';

const tensors = { w: floatTensor([1, 2, 3, 4], [2, 2]), b: floatTensor([5, 6], [2]) };

function saved(some: Readonly<Record<string, SampleTensor>> = tensors): Buffer {
  return torchZip((word) => stateDict(some, word), { name: 'pytorch_model' });
}

function indexOf(shards: Readonly<Record<string, string>>): string {
  return JSON.stringify({ metadata: { total_size: 24 }, weight_map: shards });
}

test('one file, with its configuration and side files', async () => {
  const folder = folderOf({
    'pytorch_model.bin': saved(),
    'config.json': '{"model_type":"bert","torch_dtype":"float32"}',
    'tokenizer.json': '{}',
    'training_args.bin': 'x',
    'optimizer.pt': 'x',
  });
  const checkpoint = await opened(folder);
  expect(checkpoint.files).toMatchObject([{ name: 'pytorch_model.bin' }]);
  expect(checkpoint.files[0]).not.toHaveProperty('within');
  expect(checkpoint.signature).toEqual({
    tensors: [
      { name: 'b', dtype: 'F32', shape: [2] },
      { name: 'w', dtype: 'F32', shape: [2, 2] },
    ],
    config: { modelType: 'bert' },
  });
  expect(checkpoint.configDtype).toBe('float32');
  expect(checkpoint.carried.map(({ name }) => name)).toEqual(['tokenizer.json']);
  expect((await opened(join(folder, 'pytorch_model.bin'))).carried).toHaveLength(1);
});

test('zip, legacy and sharded files have one weights digest', async () => {
  const zip = await opened(folderOf({ 'pytorch_model.bin': saved() }));
  const legacy = await opened(
    folderOf({ 'model.pth': torchLegacy((word) => stateDict(tensors, word)) }),
  );
  const [one, two] = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];
  const sharded = folderOf({
    [one]: saved({ w: tensors.w }),
    [two]: saved({ b: tensors.b }),
    'pytorch_model.bin.index.json': indexOf({ w: one, b: two }),
  });
  const digest = await readWeightsDigest(zip);
  expect(await readWeightsDigest(legacy)).toEqual(digest);
  expect(await readWeightsDigest(await opened(sharded))).toEqual(digest);
  const byIndex = await opened(join(sharded, 'pytorch_model.bin.index.json'));
  expect(byIndex.files.map(({ name }) => name)).toEqual([one, two]);
});

test('tied tensors have both their names', async () => {
  const { tensors: found } = await opened(
    folderOf({
      'pytorch_model.bin': saved({ 'lm_head.weight': tensors.w, 'wte.weight': tensors.w }),
    }),
  );
  expect([...found.keys()]).toEqual(['lm_head.weight', 'wte.weight']);
  expect(found.get('lm_head.weight')).toEqual(found.get('wte.weight'));
});

test("a trainer's file says where its weights were", async () => {
  const path = join(
    folderOf({
      'epoch=3.ckpt': torchZip((word) =>
        dictOf({ epoch: 3, state_dict: stateDict(tensors, word) }),
      ),
    }),
    'epoch=3.ckpt',
  );
  expect((await opened(path)).files).toMatchObject([
    { name: 'epoch=3.ckpt', within: 'state_dict' },
  ]);
});

test('safetensors come first, whatever lies beside them', async () => {
  const both = folderOf({ 'pytorch_model.bin': 'not even read' });
  writeWeights(both, { a: 'F32 [2]' });
  expect((await opened(both)).files).toMatchObject([{ name: 'model.safetensors' }]);
  const other = folderOf({
    'pytorch_model.bin': 'not even read',
    'x.safetensors': rawFile('{}', 0),
  });
  expect((await opened(other)).files).toMatchObject([{ name: 'x.safetensors' }]);
  const adapted = folderOf({
    'pytorch_model.bin': saved(),
    'adapter_model.safetensors': rawFile('{}', 0),
  });
  expect((await opened(adapted)).files).toMatchObject([{ name: 'pytorch_model.bin' }]);
});

test('folders that hold several, none, or something else', async () => {
  const [one, two] = ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'];
  await check(
    folderOf({ 'pytorch_model.bin': 'x', 'pytorch_model.bin.index.json': '{}' }),
    'MW4521',
    /several sets of weights: "pytorch_model.bin", "pytorch_model.bin.index.json"/,
  );
  await check(folderOf({ 'a.pt': 'x', 'b.pt': 'x' }), 'MW4521', /"a.pt", "b.pt"/);
  await check(
    folderOf({ [one]: 'x', [two]: 'x' }),
    'MW4520',
    /but no pytorch_model.bin.index.json/,
  );
  await check(folderOf({ 'adapter_model.bin': 'x' }), 'MW4523', /an adapter/);
  await check(
    folderOf({ [one]: saved(), 'pytorch_model.bin.index.json': indexOf({ w: one, b: two }) }),
    'MW4531',
    /lacks 1 of its 2 shards/,
  );
  await check(
    folderOf({ 'pytorch_model.bin.index.json': indexOf({ w: 'a.safetensors' }) }),
    'MW4530',
    /no PyTorch file/,
  );
  await check(
    folderOf({ 'pytorch_model.bin.index.json': indexOf({ w: '../a.bin' }) }),
    'MW4534',
    /outside/,
  );
});

test("pieces of a training's state are refused by name", async () => {
  for (const [name, says] of [
    ['zero_pp_rank_0_mp_rank_00_model_states.pt', /one device's piece .* DeepSpeed/],
    ['bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt', /DeepSpeed/],
    ['__0_0.distcp', /distributed PyTorch checkpoint/],
    ['optimizer.pt', /state of an optimizer/],
    ['optimizer.bin', /state of an optimizer/],
    ['scheduler.pt', /state of a schedule/],
    ['rng_state_0.pth', /random numbers/],
    ['training_args.bin', /settings of a training/],
  ] as const) {
    const folder = folderOf({ [name]: saved() });
    await check(folder, 'MW4595', says);
    await check(join(folder, name), 'MW4595', says);
  }
});

test('a file in a cache of Hugging Face, whose own name there says nothing', async () => {
  const repository = join(root, 'models--org--old');
  const blob = 'c'.repeat(64);
  const snapshot = join(repository, 'snapshots', 'd'.repeat(40));
  mkdirSync(join(repository, 'blobs'), { recursive: true });
  mkdirSync(snapshot, { recursive: true });
  writeFileSync(join(repository, 'blobs', blob), saved());
  symlinkSync(join(repository, 'blobs', blob), join(snapshot, 'pytorch_model.bin'));
  const { files } = await opened(snapshot);
  expect(files).toMatchObject([{ name: 'pytorch_model.bin', blobHash: blob }]);
});

test('packed weights are refused in this format too', async () => {
  const packed = { 'layers.0.q_proj.qweight': floatTensor([1], [1]) };
  await check(folderOf({ 'pytorch_model.bin': saved(packed) }), 'MW4541', /GPTQ or AWQ/);
});
