import { expect, test } from 'vitest';
import { chooseNeeded } from './needed-files.ts';

/** The weights that are chosen, or what stands in the way. */
function weights(...paths: readonly string[]): readonly string[] | string {
  const choice = chooseNeeded(paths);
  return choice.kind === 'chosen' ? choice.files.weights : choice.kind;
}

test('one set of weights: safetensors before pickled, whole before shards, a model before its copies', () => {
  const index = 'model.safetensors.index.json';
  const [one, two] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  expect(weights('model.safetensors', index, one, two)).toEqual(['model.safetensors']);
  expect(weights(index, one, 'consolidated.safetensors', two)).toEqual([index, one, two]);
  expect(weights(index, 'part-a.safetensors', 'consolidated.00.safetensors')).toEqual([
    index,
    'part-a.safetensors',
  ]);
  expect(weights('model.safetensors', 'pytorch_model.bin')).toEqual(['model.safetensors']);
  expect(weights('pytorch_model.bin', 'optimizer.pt')).toEqual(['pytorch_model.bin']);
  expect(
    weights(
      'pytorch_model.bin.index.json',
      'pytorch_model-00001-of-00001.bin',
      'training_args.bin',
    ),
  ).toEqual(['pytorch_model.bin.index.json', 'pytorch_model-00001-of-00001.bin']);
  expect(weights('adapter_model.safetensors', 'adapter_model.bin')).toEqual([
    'adapter_model.safetensors',
  ]);
  expect(weights('sdxl.safetensors', 'vae/diffusion_pytorch_model.safetensors')).toEqual([
    'sdxl.safetensors',
  ]);
  expect(weights('a.safetensors', 'b.safetensors')).toBe('several-weights');
  expect(weights('config.json', 'model.gguf', 'onnx/model.safetensors')).toBe('no-weights');
});

test('the parts of a sentence encoder, where there is a list of them', () => {
  const paths = [
    'model.safetensors',
    '1_Pooling/config.json',
    '2_Dense/model.safetensors',
    '2_Dense/pytorch_model.bin',
    '2_Dense/own.py',
    '2_Dense/more/config.json',
    'onnx/model.safetensors',
  ];
  const carried = (of: readonly string[]): readonly string[] => {
    const choice = chooseNeeded(of);
    return choice.kind === 'chosen' ? choice.files.carried : [];
  };
  expect(carried(paths)).toEqual([]);
  expect(carried([...paths, 'modules.json'])).toEqual([
    'modules.json',
    '1_Pooling/config.json',
    '2_Dense/model.safetensors',
  ]);
});

test('what an output is written from, and no program unless it is asked for', () => {
  const paths = [
    'model.safetensors',
    'config.json',
    'tokenizer.json',
    'tokenizer_own.py',
    'modeling_own.py',
    'LICENSE.txt',
    'README.md',
    'events.out',
    'folder/config.json',
  ];
  expect(chooseNeeded(paths)).toEqual({
    kind: 'chosen',
    files: {
      weights: ['model.safetensors'],
      carried: ['config.json', 'tokenizer.json'],
      told: ['LICENSE.txt', 'README.md'],
      code: [],
    },
  });
  expect(chooseNeeded(paths, { withCode: true })).toMatchObject({
    files: { code: ['tokenizer_own.py', 'modeling_own.py'] },
  });
});
