/** Merges of models that PyTorch saved: the same bytes as from safetensors, and nothing of a hostile file is run. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dictOf } from '../../engine/pickle/sample-pickles.ts';
import { stateDict, storageOf, torchLegacy, torchZip } from '../../engine/torch/sample-torch.ts';
import type { SampleTensor, WordTensor } from '../../engine/torch/sample-torch.ts';
import { bytesOf } from '../kit/model.ts';
import { oneError } from '../kit/one-error.ts';
import { smallModel, sources, workspace } from '../kit/workspace.ts';
import type { Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = ties(base, [math, code])

output m to "./out" { }
`;

/** The tensors of one of the folder's models, each with a storage of its own. */
function tensorsOf(fineTune: number): Record<string, SampleTensor> {
  return Object.fromEntries(
    Object.entries(smallModel(fineTune)).map(([name, tensor]) => [
      name,
      { storage: storageOf('BFloat16Storage', 2, bytesOf(tensor)), shape: tensor.shape },
    ]),
  );
}

/** Puts a file of PyTorch in place of a model's safetensors. */
function replace(
  folder: Workspace,
  model: string,
  files: Readonly<Record<string, Uint8Array>>,
): void {
  rmSync(folder.at(model, 'model.safetensors'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(folder.at(model, name), bytes);
}

async function digestOf(folder: Workspace): Promise<string> {
  const { code, err } = await folder.run(['run', 'm.merge']);
  expect(err).toBe('');
  expect(code).toBe(0);
  const report = JSON.parse(folder.read('out/mergewright.json')) as {
    readonly weightsDigest: string;
  };
  return report.weightsDigest;
}

describe('a merge of models that PyTorch saved', () => {
  test('zip, legacy and sharded files give the bytes that safetensors give', async () => {
    using plain = workspace({ 'm.merge': recipe });
    using pickled = workspace({ 'm.merge': recipe });
    replace(pickled, 'base', {
      'pytorch_model.bin': torchZip((word) => stateDict(tensorsOf(0), word)),
    });
    replace(pickled, 'math', {
      'model.ckpt': torchLegacy((word) =>
        dictOf({ epoch: 1, state_dict: stateDict(tensorsOf(1), word) }),
      ),
    });
    const shards = [
      'pytorch_model-00001-of-00002.bin',
      'pytorch_model-00002-of-00002.bin',
    ] as const;
    const entries = Object.entries(tensorsOf(2));
    const shardOf = (name: string): string => shards[name.includes('layers') ? 0 : 1];
    const shard = (file: string) => (word: WordTensor) =>
      stateDict(Object.fromEntries(entries.filter(([name]) => shardOf(name) === file)), word);
    replace(pickled, 'code', {
      [shards[0]]: torchZip(shard(shards[0])),
      [shards[1]]: torchZip(shard(shards[1])),
      'pytorch_model.bin.index.json': Buffer.from(
        JSON.stringify({
          weight_map: Object.fromEntries(entries.map(([name]) => [name, shardOf(name)])),
        }),
      ),
    });
    expect(await digestOf(pickled)).toBe(await digestOf(plain));
    expect(pickled.list()).toContain('out/model.safetensors');
  });

  test('a file that would run something is one error at the model, and runs nothing', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const owned = folder.at('owned');
    replace(folder, 'math', {
      'pytorch_model.bin': torchZip((word) =>
        dictOf({
          state_dict: stateDict(tensorsOf(1), word),
          hook: { call: { global: ['os', 'system'] }, args: [`touch ${owned}`] },
        }),
      ),
    });
    expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
      "m.merge:2:14: error MW4590: <folder>/math/pytorch_model.bin asks for os.system at byte 1062, which no model's weights need; nothing of it was run. If you trust where it came from, load it there and save the state dict alone, best as safetensors; else do not open it.
      "
    `);
    expect(existsSync(owned)).toBe(false);
  });

  test('a turned view is one error that names the tensor', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const tensors = tensorsOf(1);
    const name = 'model.layers.1.mlp.up_proj.weight';
    replace(folder, 'math', {
      'pytorch_model.bin': torchZip((word) =>
        stateDict({ ...tensors, [name]: { ...tensors[name]!, strides: [1, 8] } }, word),
      ),
    });
    expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
      "m.merge:2:14: error MW4593: Tensor "model.layers.1.mlp.up_proj.weight" in <folder>/math/pytorch_model.bin is a view with strides [1, 8], so its elements do not lie one after the other. Save the model anew with contiguous tensors, best as safetensors (in transformers: save_pretrained).
      "
    `);
  });
});
