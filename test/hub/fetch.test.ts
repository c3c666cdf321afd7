/** `mergewright fetch` against a hub on this machine. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { hubSource } from '../../engine/checkpoints/source.ts';
import { start, until } from '../kit/command.ts';
import {
  bigFiles,
  commit,
  hubDesk,
  laterCommit,
  modelFiles,
  snapshotOf,
  type HubDesk,
} from './kit.ts';
import { sha256Of } from './local-hub.ts';

const id = 'org/name';
const needed = [
  'config.json',
  'model-00001-of-00002.safetensors',
  'model-00002-of-00002.safetensors',
  'model.safetensors.index.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'chat_template.jinja',
  'README.md',
  'LICENSE',
];

function offer(desk: HubDesk, files: Record<string, Buffer>, gatedFor?: string): void {
  desk.hub.models.set(id, {
    commits: { [commit]: files },
    revisions: { main: commit, v1: commit, 'refs/pr/1': commit, '4a83ca6': commit },
    ...(gatedFor === undefined ? {} : { gatedFor }),
  });
}

/** Requests for a file's bytes, with the place they began at. */
function ranges(desk: HubDesk): string[] {
  return desk.hub.asked.filter(({ at }) => at === 'storage').map(({ range }) => range ?? 'whole');
}

test('what a merge needs comes into the standard cache, and nothing else', async () => {
  await using desk = await hubDesk();
  const files = modelFiles(desk.folder);
  offer(desk, files);
  const { code, out, err } = await desk.fetch([id]);
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(snapshotOf(desk, id, files).sort()).toEqual(needed.toSorted());
  expect(readFileSync(desk.at(id, 'refs', 'main'), 'utf8')).toBe(commit);
  const tree = JSON.parse(readFileSync(desk.at(id, 'trees', `${commit}.json`), 'utf8')) as unknown;
  const shard = files['model-00001-of-00002.safetensors']!;
  expect(tree).toMatchObject({
    format_version: 1,
    files: {
      'model-00001-of-00002.safetensors': { lfs_sha256: sha256Of(shard), lfs_size: shard.length },
      'modeling_own.py': { size: 9 },
    },
  });
  expect(out).toMatch(
    /^org\/name \(commit 4a83ca6\)\n {2}README\.md +\d+ B\n|to fetch for 10 files/,
  );
  expect(out).toMatch(/to fetch for 10 files into .*free\nfetched [\d.]+ kB into/);
  expect(readdirSync(desk.at(id, 'blobs')).filter((name) => name.includes('.'))).toEqual([]);
  // Everything is there: the hub is asked for the revision alone, and nothing moves.
  desk.hub.asked.length = 0;
  const again = await desk.fetch([id], {});
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toBe('org/name (commit 4a83ca6): all 10 files are in the cache\n');
  expect(desk.hub.asked.map(({ path }) => path)).toEqual(['/api/models/org/name/revision/main']);
});

test('programs come only where they are asked for', async () => {
  await using desk = await hubDesk();
  const files = modelFiles(desk.folder);
  offer(desk, files);
  expect((await desk.fetch([id], { yes: true, withCode: true })).code).toBe(0);
  expect(snapshotOf(desk, id, files)).toContain('modeling_own.py');
});

test('a pickled file comes where there is no safetensors', async () => {
  await using desk = await hubDesk();
  const { 'pytorch_model.bin': pickled, 'config.json': config } = modelFiles(desk.folder);
  const files = { 'pytorch_model.bin': pickled!, 'config.json': config! };
  offer(desk, files);
  expect((await desk.fetch([id])).code).toBe(0);
  expect(snapshotOf(desk, id, files)).toEqual(['pytorch_model.bin', 'config.json']);
});

test('nothing moves before its size was shown and it was agreed to', async () => {
  await using desk = await hubDesk();
  offer(desk, modelFiles(desk.folder));
  const unasked = await desk.fetch([id], {});
  expect(unasked.code).toBe(2);
  expect(unasked.out).toMatch(/model-00001-of-00002\.safetensors +\d/);
  expect(unasked.err).toMatch(/nothing was fetched: nobody can be asked here; --yes/);
  expect((await desk.fetch([id], { dryRun: true })).code).toBe(0);
  const questions: string[] = [];
  const refuse = (question: string): Promise<boolean> => {
    questions.push(question);
    return Promise.resolve(false);
  };
  expect(await desk.fetch([id], {}, { confirm: refuse })).toMatchObject({
    code: 130,
    err: 'nothing was fetched\n',
  });
  expect(questions).toEqual([expect.stringMatching(/^Fetch [\d.]+ kB\?$/)]);
  expect(existsSync(desk.cache)).toBe(false);
  expect((await desk.fetch([id], {}, { confirm: () => Promise.resolve(true) })).code).toBe(0);
});

test.each(['v1', 'refs/pr/1', '4a83ca6', commit])(
  'the revision %s is one of the cache',
  async (revision) => {
    await using desk = await hubDesk();
    const files = bigFiles(3000);
    offer(desk, files);
    expect((await desk.fetch([`hf://${id}@${revision}`])).code).toBe(0);
    expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
    expect(existsSync(desk.at(id, 'refs', revision))).toBe(revision !== commit);
  },
);

test('a connection that breaks is gone on with from the byte it broke at', async () => {
  await using desk = await hubDesk();
  const files = bigFiles(300_000);
  offer(desk, files);
  desk.hub.script.set('model.safetensors', [
    { kind: 'breaks', after: 100_000 },
    { kind: 'stalls', after: 50_000 },
  ]);
  expect(await desk.fetch([id])).toMatchObject({ code: 0, err: '' });
  expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
  expect(ranges(desk)).toEqual(['whole', 'bytes=100000-', 'bytes=150000-']);
});

test.each(['ignores-range', 'shifts-range'] as const)(
  'a server that %s begins anew',
  async (kind) => {
    await using desk = await hubDesk();
    const files = bigFiles(300_000);
    offer(desk, files);
    desk.hub.script.set('model.safetensors', [{ kind: 'breaks', after: 100_000 }, { kind }]);
    expect(await desk.fetch([id])).toMatchObject({ code: 0, err: '' });
    expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
  },
);

test('a line that breaks again and again is a fault, and the next fetch goes on', async () => {
  await using desk = await hubDesk();
  const files = bigFiles(300_000);
  offer(desk, files);
  const breaks = Array.from({ length: 4 }, () => ({ kind: 'breaks', after: 0 }) as const);
  desk.hub.script.set('model.safetensors', [{ kind: 'breaks', after: 100_000 }, ...breaks]);
  const broken = await desk.fetch([id]);
  expect(broken.code).toBe(3);
  expect(broken.err).toMatch(/MW6301: The hub at 127\.0\.0\.1:\d+ breaks off again and again/);
  expect(existsSync(desk.at(id, 'refs', 'main'))).toBe(false);
  const incomplete = desk.at(id, 'blobs', `${sha256Of(files['model.safetensors']!)}.incomplete`);
  expect(statSync(incomplete).size).toBe(100_000);
  desk.hub.asked.length = 0;
  const listed = await desk.fetch([id], { dryRun: true });
  expect(listed.out).toMatch(/model\.safetensors +300 kB +100 kB there\n/);
  expect((await desk.fetch([id])).code).toBe(0);
  expect(ranges(desk)).toEqual(['bytes=100000-']);
  expect(existsSync(incomplete)).toBe(false);
  expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
});

test.each(['wrong-bytes', 'goes-on'] as const)(
  '%s: a fault, and nothing of it stays',
  async (kind) => {
    await using desk = await hubDesk();
    const files = bigFiles(3000);
    offer(desk, files);
    desk.hub.script.set('model.safetensors', [{ kind }]);
    const { code, err } = await desk.fetch([id]);
    expect(err).toMatch(
      /MW6304: What arrived as "model\.safetensors" of "org\/name" is not what the hub names/,
    );
    expect(code).toBe(3);
    const sum = sha256Of(files['model.safetensors']!);
    expect(readdirSync(desk.at(id, 'blobs')).filter((name) => name.startsWith(sum))).toEqual([]);
    expect(existsSync(desk.at(id, 'refs', 'main'))).toBe(false);
  },
);

test('a small file is held against the name that git gives it', async () => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(3000));
  desk.hub.script.set('config.json', [{ kind: 'wrong-bytes' }]);
  expect((await desk.fetch([id])).err).toMatch(/MW6304: What arrived as "config\.json"/);
});

test('what an earlier try left is not trusted', async () => {
  await using desk = await hubDesk();
  const files = bigFiles(3000);
  offer(desk, files);
  const incomplete = desk.at(id, 'blobs', `${sha256Of(files['model.safetensors']!)}.incomplete`);
  mkdirSync(dirname(incomplete), { recursive: true });
  writeFileSync(incomplete, Buffer.alloc(1000, 7));
  expect((await desk.fetch([id])).err).toMatch(/MW6304/);
  expect((await desk.fetch([id])).code).toBe(0);
  expect(snapshotOf(desk, id, files)).toEqual(['model.safetensors', 'config.json']);
});

test('the token goes to the hub and to nobody else, and is never shown', async () => {
  await using desk = await hubDesk();
  const secret = 'hf_secretOfTheTest';
  const files = bigFiles(3000);
  offer(desk, files, secret);
  const none = await desk.fetch([id]);
  expect(none.code).toBe(1);
  expect(none.err).toMatch(
    /MW4582: The owner of "org\/name" asks who uses it, and no token says who you are\.\n.*HF_TOKEN/,
  );
  const wrong = await desk.fetch(
    [id],
    { yes: true },
    { env: { ...desk.env, HF_TOKEN: 'hf_other' } },
  );
  expect(wrong.err).toMatch(/MW4582: .* the account of the token \(HF_TOKEN\) has no access yet/);
  writeFileSync(join(desk.folder, 'kept-token'), `${secret}\n`);
  desk.hub.asked.length = 0;
  const env = { ...desk.env, HF_TOKEN_PATH: '~/kept-token' };
  const right = await desk.fetch([id], { yes: true }, { env });
  expect(right.code).toBe(0);
  const tokens = (at: string): readonly (string | undefined)[] => [
    ...new Set(desk.hub.asked.filter((of) => of.at === at).map(({ token }) => token)),
  ];
  expect(tokens('hub')).toEqual([secret]);
  expect(tokens('storage')).toEqual([undefined]);
  expect(none.out + none.err + wrong.out + wrong.err + right.out + right.err).not.toMatch(/hf_/);
});

const refusals: readonly (readonly [number, Record<string, string>, RegExp])[] = [
  [401, {}, /MW4581: .*knows no model "org\/name", or it is private\.\n.*HF_TOKEN/],
  [403, {}, /MW4583: .*does not let anybody without a token read/],
  [404, {}, /MW4581: .*knows no model "org\/name"/],
  [429, { 'retry-after': '300' }, /MW6302: .*takes no more requests.*\n.*Fetch again in 300 s/],
  [418, {}, /MW6303: .*answers 418, which a hub does not/],
];

test.each(refusals)('%i in its own words', async (status, headers, says) => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(3000));
  desk.hub.script.set('api', [{ kind: 'status', status, headers }]);
  const { code, err } = await desk.fetch([id]);
  expect(err).toMatch(says);
  expect(code).toBe(status === 429 || status === 418 ? 3 : 1);
});

test('what passes is waited for: 429 and 503, then an answer', async () => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(3000));
  const passing = [
    { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    { kind: 'status', status: 503 },
  ] as const;
  desk.hub.script.set('api', [...passing]);
  desk.hub.script.set('model.safetensors', [...passing]);
  expect(await desk.fetch([id])).toMatchObject({ code: 0, err: '' });
  desk.hub.script.set(
    'api',
    Array.from({ length: 4 }, () => passing[1]),
  );
  expect((await desk.fetch([id])).err).toMatch(/MW6301: .*in trouble itself: it answers 503/);
});

test('what the hub does not know is said', async () => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(3000));
  expect((await desk.fetch(['org/other'])).err).toMatch(/MW4581: .*knows no model "org\/other"/);
  expect((await desk.fetch([`${id}@v9`])).err).toMatch(/MW4581: .*not its revision "v9"/);
  expect((await desk.fetch(['org/name/more'])).err).toMatch(/MW4550/);
  expect((await desk.fetch([`${id}@../../x`])).err).toMatch(/MW4550/);
  await desk.hub.close();
  expect((await desk.fetch([id])).err).toMatch(
    /MW6301: .*does not answer: the connection is refused/,
  );
});

test('offline, nothing is asked', async () => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(3000));
  const env = { ...desk.env, TRANSFORMERS_OFFLINE: 'yes' };
  const { code, err } = await desk.fetch([id], { yes: true }, { env });
  expect(err).toMatch(/MW4580: TRANSFORMERS_OFFLINE is set, so nothing is fetched/);
  expect(code).toBe(1);
  expect(desk.hub.asked).toEqual([]);
});

test('a hub cannot name files outside of the cache', async () => {
  await using desk = await hubDesk();
  offer(desk, { ...bigFiles(3000), '../../../outside.json': Buffer.from('{}') });
  const { code, err } = await desk.fetch([id]);
  expect(err).toMatch(/MW6303: .*lists a file that cannot be one of a model/);
  expect(code).toBe(3);
});

test('a later commit shares what has not changed, and the name moves on only when it is whole', async () => {
  await using desk = await hubDesk();
  const files = modelFiles(desk.folder);
  offer(desk, files);
  await desk.fetch([id]);
  const later = { ...files, 'tokenizer.json': Buffer.from('{"model": "newer"}') };
  desk.hub.models.set(id, {
    commits: { [commit]: files, [laterCommit]: later },
    revisions: { main: laterCommit },
  });
  desk.hub.asked.length = 0;
  desk.hub.script.set('tokenizer.json', [{ kind: 'wrong-bytes' }]);
  expect((await desk.fetch([id])).code).toBe(3);
  expect(readFileSync(desk.at(id, 'refs', 'main'), 'utf8')).toBe(commit);
  expect((await desk.fetch([id])).code).toBe(0);
  expect(readFileSync(desk.at(id, 'refs', 'main'), 'utf8')).toBe(laterCommit);
  expect(ranges(desk)).toEqual([]);
  expect(readFileSync(desk.at(id, 'snapshots', laterCommit, 'tokenizer.json'), 'utf8')).toContain(
    'newer',
  );
});

test('without links, snapshots hold the files themselves', async () => {
  await using desk = await hubDesk();
  const same = Buffer.from('{}');
  const files = { ...bigFiles(3000), 'config.json': same, 'generation_config.json': same };
  offer(desk, files);
  const env = { ...desk.env, HF_HUB_DISABLE_SYMLINKS: '1' };
  expect(await desk.fetch([id], { yes: true }, { env })).toMatchObject({ code: 0, err: '' });
  expect(snapshotOf(desk, id, files)).toEqual([
    'model.safetensors is a file',
    'config.json is a file',
    'generation_config.json is a file',
  ]);
  expect((await desk.fetch([id], {}, { env })).out).toMatch(/all 3 files are in the cache/);
});

test('two programs do not download one file at once', async () => {
  await using desk = await hubDesk();
  offer(desk, bigFiles(300_000));
  desk.hub.script.set('model.safetensors', [{ kind: 'stalls', after: 100_000 }]);
  const slow = desk.fetch([id]);
  while (!desk.hub.asked.some(({ at }) => at === 'storage')) await wait(5);
  const { code, err } = await desk.fetch([id]);
  expect(err).toMatch(/MW6305: Another program is downloading the same file/);
  expect(code).toBe(3);
  expect((await slow).code).toBe(0);
});

const hasFlock = spawnSync('flock', ['--version']).status === 0;

test.runIf(hasFlock)(
  'the lock of another program (where it is missing: apt-get install util-linux) is honoured, and others find ours',
  async () => {
    await using desk = await hubDesk();
    const files = bigFiles(300_000);
    offer(desk, files);
    const name = `${sha256Of(files['model.safetensors']!)}.lock`;
    const lock = join(desk.cache, '.locks', 'models--org--name', name);
    mkdirSync(dirname(lock), { recursive: true });
    const other = spawn('flock', [lock, '-c', 'echo held; exec cat']);
    await once(other.stdout, 'data');
    expect((await desk.fetch([id])).err).toMatch(/MW6305/);
    other.stdin.end();
    await once(other, 'close');
    desk.hub.script.set('model.safetensors', [{ kind: 'stalls', after: 100_000 }]);
    const slow = desk.fetch([id]);
    while (!desk.hub.asked.some(({ at }) => at === 'storage')) await wait(5);
    expect(spawnSync('flock', ['-n', lock, 'true']).status).toBe(1);
    expect((await slow).code).toBe(0);
    expect(spawnSync('flock', ['-n', lock, 'true']).status).toBe(0);
  },
);

test('the recipe says what is lacking; a run then merges it', async () => {
  await using desk = await hubDesk();
  const math = 'org/math';
  offer(desk, modelFiles(desk.folder));
  desk.hub.models.set(math, {
    commits: { [commit]: modelFiles(desk.folder, 1) },
    revisions: { v2: commit },
  });
  const recipe = join(desk.folder, 'both.merge');
  writeFileSync(
    recipe,
    `model base = "${id}"
model again = hub("${id}", revision: "main")
model math = hub("${math}", revision: "v2")
model near = "./source-1"
merge m = base + 0.5 * (math - base)
output m to "./out"
`,
  );
  const run = async (args: readonly string[]) =>
    start(args, { cwd: desk.folder, env: desk.env }).ended;
  const before = await run(['check', recipe]);
  expect(before.code).toBe(1);
  expect(before.err).toMatch(
    /:1:14: error MW4551: .*Fetch it first: mergewright fetch org\/name\./,
  );
  expect(before.err).toMatch(/Fetch it first: mergewright fetch org\/math@v2\./);
  const listed = await desk.fetch([recipe], { dryRun: true });
  expect(listed.out.match(/^\S+ \(commit/gm)).toEqual(['org/name (commit', 'org/math@v2 (commit']);
  const fetched = await run(['fetch', recipe, '--yes', '--json']);
  expect(fetched).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(fetched.out)).toMatchObject({ whole: true, models: [{ id }, { id: math }] });
  const merged = await run(['run', recipe]);
  expect(merged).toMatchObject({ code: 0 });
  expect(existsSync(join(desk.folder, 'out/model.safetensors'))).toBe(true);
  expect(readFileSync(join(desk.folder, 'out/tokenizer.json'), 'utf8')).toBe('{"model": "of 0"}');
  desk.hub.asked.length = 0;
  expect(await desk.fetch([recipe])).toMatchObject({
    code: 0,
    out: 'nothing is missing in the cache\n',
  });
  expect(desk.hub.asked).toEqual([]);
});

test('what the list of files shows to be missing is no sound model, and is fetched', async () => {
  await using desk = await hubDesk();
  const files = modelFiles(desk.folder);
  offer(desk, files);
  await desk.fetch([id]);
  rmSync(desk.at(id, 'snapshots', commit, 'tokenizer.json'));
  const [, shard] = Object.keys(files).filter((name) => name.endsWith('.safetensors'));
  truncateSync(realpathSync(desk.at(id, 'snapshots', commit, shard!)), 100);
  const opened = await openCheckpoint(hubSource(id), { env: desk.env });
  expect(opened).toMatchObject({
    ok: false,
    fault: {
      code: 'MW4553',
      message: expect.stringMatching(
        /in part: "model-00002-of-00002\.safetensors", "tokenizer\.json" \([\d.]+ \w+\) are missing/,
      ),
      help: 'Fetch the rest: mergewright fetch org/name.',
    },
  });
  const recipe = join(desk.folder, 'part.merge');
  writeFileSync(recipe, `model base = "${id}"\n`);
  const { code, out } = await desk.fetch([recipe]);
  expect(code).toBe(0);
  expect(out).toMatch(/to fetch for 2 files/);
  expect(await openCheckpoint(hubSource(id), { env: desk.env })).toMatchObject({ ok: true });
});

test('an adapter is a model of the hub too', async () => {
  await using desk = await hubDesk();
  const { 'model-00001-of-00002.safetensors': weights } = modelFiles(desk.folder);
  const files = {
    'adapter_model.safetensors': weights!,
    'adapter_config.json': Buffer.from('{"peft_type": "LORA"}'),
    'adapter_model.bin': Buffer.alloc(2000),
  };
  offer(desk, files);
  const recipe = join(desk.folder, 'tone.merge');
  writeFileSync(recipe, `model base = "./source-0"\nadapter tone = lora("${id}", on: base)\n`);
  expect((await desk.fetch([recipe])).code).toBe(0);
  expect(snapshotOf(desk, id, files)).toEqual(['adapter_model.safetensors', 'adapter_config.json']);
  expect((await desk.fetch([recipe])).out).toBe('nothing is missing in the cache\n');
});

test('a cancel ends within a second, and leaves what can be gone on with', async () => {
  await using desk = await hubDesk();
  const files = bigFiles(300_000);
  offer(desk, files);
  desk.hub.script.set('model.safetensors', [{ kind: 'stalls', after: 100_000 }]);
  const env = { ...desk.env, HF_HUB_DOWNLOAD_TIMEOUT: '60' };
  const incomplete = desk.at(id, 'blobs', `${sha256Of(files['model.safetensors']!)}.incomplete`);
  const begun = start(['fetch', id, '--yes'], { cwd: desk.folder, env });
  await until(() => existsSync(incomplete) && statSync(incomplete).size === 100_000, begun);
  const at = performance.now();
  begun.process.kill('SIGINT');
  expect(await begun.ended).toMatchObject({
    code: 130,
    err: 'cancelled: what has arrived stays, and the next fetch goes on from there\n',
  });
  expect(performance.now() - at).toBeLessThan(1000);
  expect((await desk.fetch([id])).code).toBe(0);
  expect(ranges(desk)).toEqual(['whole', 'bytes=100000-']);
});
