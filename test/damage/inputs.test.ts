/** What is wrong with a model's files is said in one error, before anything is written. */
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeModel } from '../kit/model.ts';
import { oneError } from '../kit/one-error.ts';
import { stored } from '../kit/values.ts';
import { smallModel, sources, workspace, type Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = ties(base, [math, code])
output m to "./out/m"
`;
const weightsFile = 'math/model.safetensors';

/** The file's header made another, of the same length. */
function rewriteHeader(folder: Workspace, change: (header: string) => string): void {
  const bytes = readFileSync(folder.at(weightsFile));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = change(bytes.subarray(8, 8 + length).toString('utf8'));
  bytes.write(header.padEnd(length), 8, 'utf8');
  writeFileSync(folder.at(weightsFile), bytes);
}

test('a truncated file', async () => {
  using folder = workspace({ 'm.merge': recipe });
  truncateSync(folder.at(weightsFile), statSync(folder.at(weightsFile)).size - 10);
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4506: <folder>/math/model.safetensors ends too early: its header promises 1.66 kB, the file has 1.65 kB (10 bytes are missing). Download or copy the file again; the last try was cut off.
    "
  `);
});

test('an empty file', async () => {
  using folder = workspace({ 'm.merge': recipe });
  truncateSync(folder.at(weightsFile), 0);
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4504: <folder>/math/model.safetensors is empty. Download or copy the file again.
    "
  `);
});

test('a header whose offsets overlap', async () => {
  using folder = workspace({ 'm.merge': recipe });
  rewriteHeader(folder, (header) => header.replace('[128,256]', '[0,128]'));
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4510: Tensor "model.embed_tokens.weight" in <folder>/math/model.safetensors overlaps the one before it by 128 bytes. Download or copy the file again, or save the model anew as safetensors.
    "
  `);
});

test('a header whose offsets lead past the end', async () => {
  using folder = workspace({ 'm.merge': recipe });
  rewriteHeader(folder, (header) => header.replace(/,\d\d\d(?=\]\}\}\s*$)/, ',999'));
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4510: Tensor "model.norm.weight" in <folder>/math/model.safetensors is said to lie in bytes 800 to 999, but BF16 [8] takes 16 bytes. Download or copy the file again, or save the model anew as safetensors.
    "
  `);
});

test('a header that says it is 2 GB long, and a file that is', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(2n ** 31n);
  writeFileSync(folder.at(weightsFile), length);
  truncateSync(folder.at(weightsFile), 8 + 2 ** 31);
  const start = performance.now();
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4507: <folder>/math/model.safetensors claims a header of 2.15 GB; the format allows 100 MB. The file is damaged or not in the safetensors format: download it again or save the model anew.
    "
  `);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('a header that is no JSON', async () => {
  using folder = workspace({ 'm.merge': recipe });
  rewriteHeader(folder, (header) => header.replace('{', '['));
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4508: The header of <folder>/math/model.safetensors does not begin with "{" (at character 0 of 832). Download or copy the file again, or save the model anew as safetensors.
    "
  `);
});

test('a missing shard', async () => {
  using folder = workspace({ 'm.merge': recipe });
  rmSync(folder.at('math'), { recursive: true });
  writeModel(folder.at('math'), smallModel(1), { shardBytes: 400 });
  rmSync(folder.at('math/model-00002-of-00003.safetensors'));
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4531: <folder>/math lacks 1 of its 3 shards: "model-00002-of-00003.safetensors". Download or copy the missing files into the folder.
    "
  `);
});

test('a pointer that git-LFS left in place of the weights', async () => {
  using folder = workspace({ 'm.merge': recipe });
  folder.write(
    weightsFile,
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1808\n`,
  );
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:2:14: error MW4505: <folder>/math/model.safetensors is a git-LFS pointer of 129 bytes; the weights themselves were not fetched. Run \`git lfs pull\` in the model's folder, or download the file itself.
    "
  `);
});

test('two models of different shape', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const norm = stored(new Float32Array(16).fill(1), 'BF16', [16]);
  writeModel(folder.at('math'), { ...smallModel(1), 'model.norm.weight': norm });
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:5:23: error MW4104: \`model.norm.weight\` is [8] in \`base\` and [16] in \`math\`: merge models of one architecture and size.
    "
  `);
});

test('a model that lacks a tensor', async () => {
  using folder = workspace({ 'm.merge': recipe });
  const rest = Object.entries(smallModel(1)).filter(([name]) => name !== 'model.norm.weight');
  writeModel(folder.at('math'), Object.fromEntries(rest));
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "m.merge:5:23: error MW4105: \`model.norm.weight\` is in \`base\`, and not in \`math\`: merge models with the same tensors.
    "
  `);
});

/** The fourth element of a norm, in the file of one expert, made NaN. */
function poison(folder: Workspace): void {
  const model = smallModel(1);
  const norm = model['model.norm.weight']!;
  const words = norm.words.slice();
  words[3] = 0x7fc0;
  writeModel(folder.at('math'), { ...model, 'model.norm.weight': { ...norm, words } });
}

test.each(['wasm', 'oracle', 'gpu'])('a NaN in an input, on %s', async (backend) => {
  using folder = workspace({ 'm.merge': recipe });
  poison(folder);
  const before = folder.list();
  const flags = ['--backend', backend];
  const { code, err } = await folder.run(['run', 'm.merge', ...flags], {
    env: { MERGEWRIGHT_SOFTWARE_GPU: '1' },
  });
  expect(err).toBe(
    'error MW5001: model.norm.weight of m would hold an infinity or a NaN, first at element 3.\n' +
      '  Look at that tensor in the inputs, store a wider type, or let it pass with --allow-nonfinite.\n',
  );
  expect(code).toBe(1);
  expect(folder.list()).toEqual(before);
});

test('a NaN that is let pass is in the report', async () => {
  using folder = workspace({ 'm.merge': recipe });
  poison(folder);
  const { code, out } = await folder.run(['run', 'm.merge', '--allow-nonfinite']);
  expect(code).toBe(0);
  expect(out).toContain('noted finite: model.norm.weight, element 3, and maybe more');
});
