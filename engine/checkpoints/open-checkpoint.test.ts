import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rawFile, writeWeights } from '../safetensors/sample-files.ts';
import { readWeightsDigest } from './read-weights-digest.ts';
import { sourceOfText } from './source.ts';
import { check, folderOf, opened, root } from './test-kit.ts';

const small = { b: 'F32 [2,3]', a: 'BF16 [4]', ids: 'I64 [2]', c: 'F16 []' };

test('a folder of one file: floats make the signature, integers are tensors, side files are carried', async () => {
  const folder = folderOf({
    'config.json':
      '{"model_type":"llama","num_hidden_layers":2,"vocab_size":9,"torch_dtype":"bfloat16","tie_word_embeddings":true}',
    'tokenizer.json': '{}',
    'tokenizer.model': 'm',
    'vocab.txt': '',
    'merges.txt': '',
    'chat_template.jinja': '',
    'generation_config.json': '{}',
    'preprocessor_config.json': '{}',
    'video_preprocessor_config.json': '{}',
    'README.md': '',
    'training_args.txt': '',
  });
  const layout = writeWeights(folder, small);
  const checkpoint = await opened(folder);
  expect(checkpoint.files).toMatchObject([
    { name: 'model.safetensors', size: layout.files[0]!.size },
  ]);
  expect(checkpoint.files[0]!.mtimeNs).toMatch(/^\d{16,}$/);
  expect(checkpoint.tensors).toEqual(layout.tensors);
  expect(checkpoint.signature).toEqual({
    tensors: [
      { name: 'a', dtype: 'BF16', shape: [4] },
      { name: 'b', dtype: 'F32', shape: [2, 3] },
      { name: 'c', dtype: 'F16', shape: [] },
    ],
    config: { modelType: 'llama', layerCount: 2, vocabularySize: 9, tiedEmbeddings: true },
  });
  expect(checkpoint.configDtype).toBe('bfloat16');
  expect(checkpoint.carried.map(({ name }) => name)).toEqual([
    'chat_template.jinja',
    'generation_config.json',
    'merges.txt',
    'preprocessor_config.json',
    'tokenizer.json',
    'tokenizer.model',
    'video_preprocessor_config.json',
    'vocab.txt',
  ]);
});

test('shards are one model, with the same weights digest as one file', async () => {
  const sharded = folderOf();
  const { files } = writeWeights(sharded, small, { shardBytes: 20 });
  expect(files.length).toBe(3);
  const single = folderOf();
  writeWeights(single, small);
  const [many, one] = [await opened(sharded), await opened(single)];
  expect(many.files.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  expect(many.signature).toEqual(one.signature);
  expect(await readWeightsDigest(many)).toEqual(await readWeightsDigest(one));
  expect((await opened(join(sharded, 'model.safetensors.index.json'))).signature).toEqual(
    one.signature,
  );
});

test('another name, if it is the only one; several are asked about', async () => {
  const folder = folderOf();
  writeWeights(folder, small);
  renameSync(join(folder, 'model.safetensors'), join(folder, 'digits.safetensors'));
  writeFileSync(join(folder, 'tokenizer.json'), '{}');
  expect((await opened(folder)).files[0]!.name).toBe('digits.safetensors');
  expect((await opened(join(folder, 'digits.safetensors'))).carried).toHaveLength(1);
  writeFileSync(join(folder, 'other.safetensors'), rawFile('{}', 0));
  await check(folder, 'MW4521', /"digits.safetensors", "other.safetensors"/);
  expect((await opened(join(folder, 'digits.safetensors'))).carried).toEqual([]);
});

test('folders without weights that are read', async () => {
  await check(join(root, 'absent'), 'MW4501');
  await check(folderOf({ 'config.json': '{}' }), 'MW4520');
  await check(
    folderOf({ 'pytorch_model.bin': 'x' }),
    'MW4591',
    /neither a zip archive nor a pickle/,
  );
  await check(folderOf({ 'model-q4.gguf': 'x' }), 'MW4522', /GGUF/);
  await check(join(folderOf({ 'a.ckpt': 'x' }), 'a.ckpt'), 'MW4591');
  await check(folderOf({ 'adapter_model.safetensors': rawFile('{}', 0) }), 'MW4523');
  const [one, two] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  await check(
    folderOf({ [one]: rawFile('{}', 0), [two]: rawFile('{}', 0) }),
    'MW4520',
    /shards .* but no/,
  );
  const both = folderOf();
  writeWeights(both, small, { shardBytes: 20 });
  writeFileSync(join(both, 'model.safetensors'), rawFile('{}', 0));
  await check(both, 'MW4521');
  expect((await opened(join(both, 'model.safetensors.index.json'))).files).toHaveLength(3);
});

test('shards and index that do not fit each other', async () => {
  const folder = folderOf();
  const { files, indexJson } = writeWeights(folder, small, { shardBytes: 20 });
  const [first, second] = files.map(({ name }) => join(folder, name));
  const index = join(folder, 'model.safetensors.index.json');
  const withIndex = async (text: string, code: string, says?: RegExp): Promise<void> => {
    writeFileSync(index, text);
    await check(folder, code, says);
  };
  await withIndex('{', 'MW4530', /is not JSON/);
  await withIndex('{}', 'MW4530', /no "weight_map"/);
  await withIndex('{"weight_map":{"a":1}}', 'MW4530', /"a" no file name/);
  await withIndex('{"weight_map":{}}', 'MW4530', /names no tensor/);
  await withIndex(`{"weight_map":${'['.repeat(1_000_000)}`, 'MW4530', /nested deeper/);
  await withIndex(
    '{"weight_map":{"a":"../other/model.safetensors"}}',
    'MW4534',
    /outside the model's folder/,
  );
  await withIndex('{"weight_map":{"a":"/etc/passwd"}}', 'MW4534');
  await withIndex('{"weight_map":{"a":"C:\\\\x.safetensors"}}', 'MW4534');
  await withIndex(indexJson!.replace(/"a": /, '"aa": '), 'MW4532', /"aa" in .*no shard holds it/);
  await withIndex(
    indexJson!.replace(/ {4}"c": .*\n/, ''),
    'MW4532',
    /"c" is in .*does not know it/,
  );
  const moved = indexJson!.replace(/("c": "model-0000)3/, '$12');
  await withIndex(moved, 'MW4532', /index places it in "model-00002/);
  writeFileSync(index, indexJson!);
  truncateSync(second!, files[1]!.size - 1);
  await check(folder, 'MW4506', /1 bytes are missing/);
  rmSync(second!);
  await check(folder, 'MW4531', /lacks 1 of its 3 shards: "model-00002-of-00003.safetensors"/);
  symlinkSync(first!, second!);
  await check(folder, 'MW4533', /"a" is in 2 shards/);
});

test('links that leave the folder are refused, one that the user names is followed', async () => {
  const elsewhere = folderOf({ 'secret.json': '{}' });
  writeWeights(elsewhere, small);
  const folder = folderOf();
  symlinkSync(join(elsewhere, 'model.safetensors'), join(folder, 'model.safetensors'));
  await check(folder, 'MW4534', /"model.safetensors" leads out/);
  expect((await opened(join(folder, 'model.safetensors'))).tensors.size).toBe(4);
  const spying = folderOf();
  writeWeights(spying, small);
  symlinkSync(join(elsewhere, 'secret.json'), join(spying, 'tokenizer.json'));
  await check(spying, 'MW4534', /"tokenizer.json" leads out/);
  const whole = join(root, 'link-to-model');
  symlinkSync(elsewhere, whole);
  expect((await opened(whole)).tensors.size).toBe(4);
});

test('configurations that cannot be read', async () => {
  const withConfig = async (config: string, code: string, says?: RegExp): Promise<void> => {
    const folder = folderOf({ 'config.json': config });
    writeWeights(folder, small);
    await check(folder, code, says);
  };
  await withConfig('{', 'MW4540', /is not JSON/);
  await withConfig('[1]', 'MW4540', /is not a JSON object/);
  await withConfig('{"a":'.repeat(100_000), 'MW4540', /nested deeper/);
  await withConfig(`{"a":"${'x'.repeat(9_000_000)}"}`, 'MW4540', /more than the 8.00 MB/);
  const folder = folderOf({
    'config.json':
      '{"text_config":{"num_hidden_layers":3,"dtype":"float16"},"time_step_limit":[0.0,Infinity]}',
  });
  writeWeights(folder, small);
  expect(await opened(folder)).toMatchObject({
    configDtype: 'float16',
    signature: { config: { layerCount: 3 } },
  });
});

test('quantised checkpoints are refused by name', async () => {
  const quantised = folderOf({ 'config.json': '{"quantization_config":{"quant_method":"gptq"}}' });
  writeWeights(quantised, small);
  await check(quantised, 'MW4541', /quantization_config says "gptq"/);
  const packed = folderOf();
  writeWeights(packed, {
    'layers.0.q_proj.qweight': 'I32 [4]',
    'layers.0.q_proj.scales': 'F16 [4]',
  });
  await check(packed, 'MW4541', /GPTQ or AWQ: tensor "layers.0.q_proj.qweight"/);
});

test('a text is a path or an id', () => {
  expect(sourceOfText('./m', '/r')).toEqual({ kind: 'local', path: '/r/m' });
  expect(sourceOfText('~/m', '/r')).toEqual({ kind: 'local', path: join(homedir(), 'm') });
  expect(sourceOfText('a/b.safetensors', '/r')).toEqual({
    kind: 'local',
    path: '/r/a/b.safetensors',
  });
  expect(sourceOfText('org/name', '/r')).toEqual({
    kind: 'hub',
    id: 'org/name',
    sameNamedFolder: '/r/org/name',
  });
});

test('an index that would steer a terminal, and one that names more shards than any model has', async () => {
  const indexed = (text: string): string => folderOf({ 'model.safetensors.index.json': text });
  await check(indexed('{"weight_map": \u001b[2J}'), 'MW4530', /is not JSON/);
  const shards = Array.from({ length: 10_001 }, (_, i) => [`w${i}`, `${i}.safetensors`]);
  await check(
    indexed(JSON.stringify({ weight_map: Object.fromEntries(shards) })),
    'MW4530',
    /names over 10000 shards/,
  );
});
