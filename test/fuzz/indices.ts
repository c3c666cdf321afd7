/**
 * `node test/fuzz/indices.ts [--count 100000] [--seed N] [--seconds S]`: model folders whose index, shards and side files lead
 * where they should not: out of the folder, to pipes, devices and folders, in circles, to a shard twice. Each is opened. No
 * file outside may be opened, nothing may wait, and what is refused is a fault with a code.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import type { Checkpoint } from '../../engine/checkpoints/checkpoint.ts';
import { isInside } from '../../engine/checkpoints/inside-folder.ts';
import { expectPlainFault, expectThat } from './expectations.ts';
import { chance, type Chance, mutate } from './mutate.ts';
import { makeSandbox, type Sandbox, weightsFile } from './sandbox.ts';
import { type Examiner, soakCommand } from './soak.ts';
import { type WatchedFiles, watchFiles } from './watched-files.ts';

const faults = /^MW(45\d\d|6005)$/;
const indexName = 'model.safetensors.index.json';
const alphabet = Buffer.from('{}[]",:\\/. \n0123456789weightmap_safn');

let sandbox: Sandbox;
let watched: WatchedFiles;

export const examiner: Examiner = {
  prepare() {
    sandbox = makeSandbox();
    watched = watchFiles();
  },
  async examine(seed, number) {
    const choices = chance(seed, number);
    const model = join(sandbox.root, 'model');
    rmSync(model, { recursive: true, force: true });
    mkdirSync(model);
    const path = makeFolder(model, choices);
    watched.begin();
    const opened = await openCheckpoint({ kind: 'local', path });
    watched.proveInside([model]);
    if (!opened.ok) {
      expectPlainFault(opened.fault, faults);
      return opened.fault.code;
    }
    expectInside(opened.value, model);
    return 'opened';
  },
  inspect: () => sandbox.proveUntouched(),
  tidy: () => sandbox.remove(),
};

function expectInside(checkpoint: Checkpoint, model: string): void {
  for (const { path } of [...checkpoint.files, ...checkpoint.carried, ...(checkpoint.code ?? [])])
    expectThat(isInside(path, model), `${path} is taken for a file of ${model}`);
  expectThat(!checkpoint.tensors.has('canary'), 'the canary is read');
}

/** Gives the path that is opened: mostly the folder, else a file in it or a link to it. */
function makeFolder(model: string, choices: Chance): string {
  const { below, oneIn, pick } = choices;
  const shards = new Map<string, readonly string[]>();
  for (let shard = below(4); shard > 0; shard -= 1) {
    const name = pick([`model-0000${shard}-of-00003.safetensors`, `sub/${shard}.safetensors`]);
    const tensors = Array.from({ length: below(3) }, (_, i) => `w${oneIn(8) ? 0 : shard}.${i}`);
    writeAt(join(model, name), weightsFile(Object.fromEntries(tensors.map((t) => [t, 'U8 [4]']))));
    shards.set(name, tensors);
  }
  const wild = pick(wildPlaces)(model, choices);
  const weightMap: [string, unknown][] = [...shards].flatMap(([name, tensors]) =>
    tensors.map((tensor): [string, unknown] => [tensor, name]),
  );
  for (let left = below(3); left > 0; left -= 1)
    weightMap.splice(below(weightMap.length + 1), 0, [
      pick(['w0.0', 'w1.0', 'canary', '__proto__', '']),
      oneIn(2) ? wild : pick(wildNames)(sandbox.canary),
    ]);
  const isIndex = writeIndex(join(model, indexName), weightMap, choices);
  if (oneIn(6)) pick(wildSides)(model, choices);
  // A file that is named outright may be a link to anywhere: that is for whoever names it to know.
  if (oneIn(8)) return join(model, pick([...(isIndex ? [indexName] : ['']), ...shards.keys()]));
  return oneIn(16) ? linkTo(model) : model;
}

function linkTo(model: string): string {
  const link = join(model, 'itself');
  symlinkSync('.', link);
  return link;
}

function writeAt(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Whether it is a file that may be an index. */
function writeIndex(path: string, weightMap: [string, unknown][], choices: Chance): boolean {
  const { oneIn, pick } = choices;
  if (oneIn(20)) {
    pick(wildPlaces)(dirname(path), choices, path);
    return false;
  }
  const members = weightMap.map(
    ([tensor, shard]) => `${JSON.stringify(tensor)}: ${JSON.stringify(shard)}`,
  );
  const map = oneIn(20)
    ? pick(['[]', 'null', '1', '"a"', '{"a":{}}', '{"a":["b"]}'])
    : `{${members.join()}}`;
  const text = `${oneIn(30) ? '\ufeff' : ''}{"metadata": {"total_size": ${pick(['4', '-1', '1e999', 'NaN'])}}, "weight_map": ${map}}`;
  const bytes = Buffer.from(text);
  writeFileSync(path, oneIn(4) ? mutate(bytes, choices, { alphabet }) : bytes);
  return true;
}

/** Names that an index may give a shard, none of which the folder holds. */
const wildNames: readonly ((canary: string) => unknown)[] = [
  () => '../canary/model.safetensors',
  () => 'sub/../../canary/model.safetensors',
  () => './model.safetensors',
  () => '..',
  () => '',
  () => '/',
  () => 'a//b.safetensors',
  () => 'sub/',
  (canary) => `${canary}/model.safetensors`,
  () => 'C:\\model.safetensors',
  () => 'c:model.safetensors',
  () => '..\\canary\\model.safetensors',
  () => '\\\\host\\share\\model.safetensors',
  () => 'file:///etc/passwd.safetensors',
  () => '/dev/zero',
  () => '/proc/self/mem.safetensors',
  () => 'a\0.safetensors',
  () => '../canary/model.safetensors\0.safetensors',
  () => `${'a'.repeat(300)}.safetensors`,
  () => `${'a/'.repeat(3000)}b.safetensors`,
  () => '\ud800.safetensors',
  () => '\u202e.safetensors',
  () => '~/model.safetensors',
  () => '$HOME/model.safetensors',
  () => '%2e%2e/canary/model.safetensors',
  () => 'absent.safetensors',
  () => 'config.json',
  () => 1,
  () => null,
  () => ['model.safetensors'],
  () => ({ toString: 'model.safetensors' }),
];

/** Puts something that is no weights file where a shard may be; gives its name. */
const wildPlaces: readonly ((model: string, choices: Chance, at?: string) => string)[] = [
  placed('link-out.safetensors', (path) =>
    symlinkSync(join(sandbox.canary, 'model.safetensors'), path),
  ),
  placed('link-up.safetensors', (path) => symlinkSync('../canary/model.safetensors', path)),
  placed('link-chain.safetensors', (path) => {
    symlinkSync(`${path}-2`, path);
    symlinkSync('../canary/model.safetensors', `${path}-2`);
  }),
  placed('link-round.safetensors', (path) => {
    symlinkSync(`${path}-2`, path);
    symlinkSync(path, `${path}-2`);
  }),
  placed('link-nowhere.safetensors', (path) => symlinkSync('nowhere', path)),
  placed('link-inside.safetensors', (path) => symlinkSync('real.safetensors', path)),
  placed('zero.safetensors', (path) => symlinkSync('/dev/zero', path)),
  placed('stdin.safetensors', (path) => symlinkSync('/dev/stdin', path)),
  placed('memory.safetensors', (path) => symlinkSync('/proc/self/mem', path)),
  placed('pipe.safetensors', (path) => sandbox.pipeAt(path)),
  placed('link-pipe.safetensors', (path) => symlinkSync(join(sandbox.root, 'pipe'), path)),
  placed('folder.safetensors', (path) => mkdirSync(path)),
  placed('empty.safetensors', (path) => writeFileSync(path, '')),
  placed('text.safetensors', (path) => writeFileSync(path, 'version https://git-lfs')),
  placed('damaged.safetensors', (path, choices) =>
    writeFileSync(path, mutate(weightsFile({ w0: 'U8 [4]', canary: 'U8 [4]' }), choices)),
  ),
  placed('way-out', (path) => symlinkSync('../canary', path), 'way-out/model.safetensors'),
  placed('round', (path) => symlinkSync('.', path), 'round/round/model-00001-of-00003.safetensors'),
];

function placed(name: string, place: (path: string, choices: Chance) => void, shard = name) {
  return (model: string, choices: Chance, at: string = join(model, name)): string => {
    place(at, choices);
    return shard;
  };
}

/** Side files that are something else. */
const wildSides: readonly ((model: string, choices: Chance) => void)[] = [
  'config.json',
  'tokenizer.json',
  'tokenizer.model',
  'generation_config.json',
  'chat_template.jinja',
  'modeling_x.py',
  'LICENSE',
  'README.md',
  'vocab.txt',
].map((name) => (model, choices) => {
  choices.pick(wildPlaces)(model, choices, join(model, name));
});

if (import.meta.main)
  await soakCommand({ fuzzer: import.meta.filename, count: 100_000, mostMemory: 1e9 });
