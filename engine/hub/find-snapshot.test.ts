import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleFolder, writeWeights } from '../safetensors/sample-files.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { hubSource } from '../checkpoints/source.ts';

const cache = sampleFolder();
afterAll(() => rmSync(cache, { recursive: true }));
const env = { HF_HUB_CACHE: cache };

const commit = '4a83ca6e4526a4f2da3aa259ec36c259f66b2ab2';
const blob = 'ab'.repeat(32);
const repository = join(cache, 'models--org--name');
const snapshot = join(repository, 'snapshots', commit);

function makeCache(): void {
  for (const folder of ['refs/refs/pr', 'blobs', `snapshots/${commit}`]) {
    mkdirSync(join(repository, folder), { recursive: true });
  }
  writeFileSync(join(repository, 'refs/main'), `${commit}\n`);
  writeFileSync(join(repository, 'refs/refs/pr/1'), commit);
  writeFileSync(join(repository, 'refs/broken'), '../../../etc');
  symlinkSync(
    relative(snapshot, join(repository, 'blobs', blob)),
    join(snapshot, 'model.safetensors'),
  );
  writeWeights(join(repository, 'blobs'), { a: 'F32 [2]' });
  writeFileSync(join(repository, 'blobs', 'small'), '{"model_type":"llama"}');
  symlinkSync('../../blobs/small', join(snapshot, 'config.json'));
}

async function check(
  id: string,
  revision: string | undefined,
  code: string,
  says: RegExp,
): Promise<void> {
  const result = await openCheckpoint(hubSource(id, revision), { env });
  expect(result.ok ? 'opened' : result.fault.code).toBe(code);
  if (!result.ok) expect(`${result.fault.message} ${result.fault.help}`).toMatch(says);
}

test('an id is found at a branch, a nested reference, a commit and the beginning of one', async () => {
  makeCache();
  await check(
    'org/name',
    undefined,
    'MW4553',
    /in part: .*Fetch the rest: mergewright fetch org\/name\./,
  );
  renameSync(join(repository, 'blobs/model.safetensors'), join(repository, 'blobs', blob));
  for (const revision of [undefined, 'main', 'refs/pr/1', commit, '4a83ca6']) {
    const result = await openCheckpoint(hubSource('org/name', revision), { env });
    expect(result).toMatchObject({
      ok: true,
      value: {
        folder: snapshot,
        revision: commit,
        files: [{ name: 'model.safetensors', blobHash: blob }],
        signature: { tensors: [{ name: 'a' }], config: { modelType: 'llama' } },
      },
    });
  }
});

test('what is missing is said, and no other revision is taken', async () => {
  await check(
    'org/other',
    undefined,
    'MW4551',
    /does not hold "org\/other".* Fetch it first: mergewright fetch org\/other\./,
  );
  await check(
    'org/name',
    'v2',
    'MW4551',
    /not its revision "v2" \(it has "main".*"refs\/pr\/1".*4a83ca6\).*fetch org\/name@v2\./,
  );
  await check('org/name', '4a83', 'MW4551', /not its revision/);
  await check('org/name', 'broken', 'MW4551', /not its revision/);
  await check('org/name', 'f'.repeat(40), 'MW4551', /not its revision/);
  await check('org/name', '../../x', 'MW4550', /not a revision/);
  await check('org/name/more', undefined, 'MW4550', /not a Hugging Face id/);
  await check('../name', undefined, 'MW4550', /not a Hugging Face id/);
  const none = await openCheckpoint(hubSource('org/name'), {
    env: { HF_HUB_CACHE: join(cache, 'no') },
  });
  expect(none.ok || none.fault.message).toMatch(/There is no local Hugging Face cache/);
});

test('the list of files tells what is missing, and what the hub never had is no download that is due', async () => {
  const trees = join(repository, 'trees');
  mkdirSync(trees);
  const list = join(trees, `${commit}.json`);
  const file = (size: number): unknown => ({ size, blob_id: commit });
  const tree = (files: Record<string, unknown>): void =>
    writeFileSync(list, JSON.stringify({ format_version: 1, files }));
  const { size } = statSync(join(repository, 'blobs', blob));
  const weights = { size, blob_id: commit, lfs_sha256: blob, lfs_size: size };
  const opens = async (): Promise<boolean> =>
    (await openCheckpoint(hubSource('org/name'), { env })).ok;
  tree({ 'model.safetensors': weights, 'config.json': file(22), 'README.md': file(5) });
  expect(await opens()).toBe(true);
  tree({ 'model.safetensors': weights, 'config.json': file(22), 'vocab.json': file(1000) });
  await check('org/name', undefined, 'MW4553', /in part: "vocab\.json" \(1\.00 kB\) is missing/);
  tree({ 'model.safetensors': { ...weights, lfs_size: size + 1 } });
  await check('org/name', undefined, 'MW4553', /in part: "model\.safetensors"/);
  // A list that cannot be believed is as if it were not there.
  for (const text of ['{', '{"format_version": 2, "files": {}}']) writeFileSync(list, text);
  expect(await opens()).toBe(true);
  tree({ '../x': file(1), 'vocab.json': file(1000) });
  expect(await opens()).toBe(true);
  rmSync(trees, { recursive: true });
  const none = 'f'.repeat(40);
  mkdirSync(join(repository, 'snapshots', none));
  await check('org/name', none, 'MW4553', /holds no weights.*Fetch the rest/);
  const absent = join(repository, '.no_exist', none);
  mkdirSync(absent, { recursive: true });
  for (const stem of ['model.safetensors', 'pytorch_model.bin']) {
    for (const name of [stem, `${stem}.index.json`]) writeFileSync(join(absent, name), '');
  }
  await check('org/name', none, 'MW4520', /the hub was asked for them before, and had none/);
  rmSync(join(repository, 'snapshots', none), { recursive: true });
});

test('a link of a snapshot that leads out of its blobs is refused', async () => {
  const outside = join(cache, 'outside.json');
  writeFileSync(outside, '{}');
  symlinkSync(outside, join(snapshot, 'tokenizer.json'));
  await check('org/name', undefined, 'MW4534', /"tokenizer.json" leads out/);
});

test('a folder of the same name makes the text ambiguous', async () => {
  const sameNamedFolder = join(cache, 'org/name');
  mkdirSync(sameNamedFolder, { recursive: true });
  const result = await openCheckpoint({ kind: 'hub', id: 'org/name', sameNamedFolder }, { env });
  expect(result).toMatchObject({ ok: false, fault: { code: 'MW4552' } });
});
