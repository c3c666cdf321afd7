import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleFolder, writeWeights } from '../safetensors/sample-files.ts';
import { hubCacheFolder } from './hub-cache.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { hubSource } from './source.ts';

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

test('the variables are read in their order, with ~ and $VAR', () => {
  const HOME = '/home/u';
  expect(hubCacheFolder({ HOME })).toBe('/home/u/.cache/huggingface/hub');
  expect(hubCacheFolder({ HOME, XDG_CACHE_HOME: '/x' })).toBe('/x/huggingface/hub');
  expect(hubCacheFolder({ HOME, XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' })).toBe('/home/u/hf/hub');
  expect(
    hubCacheFolder({ HOME, HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '$BIG/c', BIG: '/big' }),
  ).toBe('/big/c');
  expect(
    hubCacheFolder({ HOME, HF_HUB_CACHE: '${BIG}/d', HUGGINGFACE_HUB_CACHE: '/e', BIG: '/big' }),
  ).toBe('/big/d');
});

test('an id is found at a branch, a nested reference, a commit and the beginning of one', async () => {
  makeCache();
  await check(
    'org/name',
    undefined,
    'MW4501',
    /in part: .*hf download org\/name --revision 4a83ca6/,
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
    /does not hold "org\/other".* hf download org\/other\./,
  );
  await check(
    'org/name',
    'v2',
    'MW4551',
    /not its revision "v2" \(it has .*"main".*4a83ca6\).*--revision v2/,
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
