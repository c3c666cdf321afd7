/**
 * `node test/fuzz/configs.ts [--count 20000] [--seed N] [--seconds S]`: the files beside the weights. Models whose configurations and
 * side files are wild are planned and merged, and lock files of recipes are read. Nothing outside the folders named may be
 * read or written.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside } from '../../engine/checkpoints/inside-folder.ts';
import { parseLockfile, printLockfile } from '../../engine/lockfile/lockfile.ts';
import { told } from '../kit/in-process.ts';
import { runRecipe } from '../kit/merge.ts';
import { writeModel } from '../kit/model.ts';
import { smallModel } from '../kit/workspace.ts';
import { expectPlainFault, expectThat } from './expectations.ts';
import { wildObject, wildValue } from './made-json.ts';
import { chance, type Chance, damagedText } from './mutate.ts';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import { type Examiner, soakCommand } from './soak.ts';
import { type WatchedFiles, watchFiles } from './watched-files.ts';
import { putWildFile } from './wild-file.ts';

const faults = /^MW\d{4}$/;
const hash = '1'.repeat(64);

let sandbox: Sandbox;
let watched: WatchedFiles;
/** Made anew for every case. */
let place: string;

export const examiner: Examiner = {
  async prepare() {
    sandbox = makeSandbox();
    writeModel(join(sandbox.root, 'weights'), smallModel());
    place = join(sandbox.root, 'place');
    watched = watchFiles();
  },
  async examine(seed, number) {
    const choices = chance(seed, number);
    freshPlace();
    const kind = choices.pick(kinds);
    return `${kind.name}: ${await kind(choices)}`;
  },
  inspect: () => sandbox.proveUntouched(),
  tidy: () => sandbox.remove(),
};

const kinds = [config, config, config, lockfile] as const;

function freshPlace(): void {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
}

const at = (...parts: readonly string[]): string => join(place, ...parts);

/** The program's own code is read when it is first needed, and what a lock says of a process is looked up. */
function proveInside(): void {
  watched.proveInside([place, '/proc', fileURLToPath(new URL('../..', import.meta.url))]);
}

const recipes: Readonly<Record<string, string>> = {
  average: 'merge m = average([a, b])\noutput m to "./out"\n',
  typed: 'merge m = average([a, b])\noutput m to "./out" { dtype = f16 }\n',
  stacked: 'merge m = stack([a[0..1], b[0..1], a[1..1]])\noutput m to "./out"\n',
  cut: 'merge m = stack([a[1..1]])\noutput m to "./out"\n',
};

const soundConfig = '{"model_type": "llama", "num_hidden_layers": 2, "vocab_size": 8}';

const configKeys = [
  'model_type',
  'num_hidden_layers',
  'n_layer',
  'num_layers',
  'layer_types',
  'vocab_size',
  'tie_word_embeddings',
  'torch_dtype',
  'dtype',
  'architectures',
  'max_position_embeddings',
  'rope_scaling',
  'sliding_window',
  'text_config',
  'llm_config',
  'vision_config',
  'auto_map',
  'license',
  '__proto__',
  'constructor',
];

async function config(choices: Chance): Promise<string> {
  const { below, oneIn, pick } = choices;
  writeModels((model) => (model === 'a' || oneIn(4) ? configText(choices) : soundConfig));
  for (let left = below(3); left > 0; left -= 1)
    putWildFile(at('a', pick(sideNames)), sandbox, choices);
  const name = pick(Object.keys(recipes));
  watched.begin();
  const planned = await told('plan', at(`${name}.merge`));
  proveInside();
  const text = planned.out + planned.err;
  expectThat(planned.code <= 1, `a plan ends with ${planned.code}: ${text}`);
  expectThat(!/[^\P{Cc}\n]/u.test(text), `control characters are told: ${JSON.stringify(text)}`);
  if (planned.code !== 0) return /MW\d{4}/.exec(planned.err)?.[0] ?? 'refused';
  return oneIn(3) ? merged(name) : 'planned';
}

/** Two models of the same weights, and the recipes that merge them. */
function writeModels(configOf: (model: string) => string): void {
  for (const [name, recipe] of Object.entries(recipes))
    writeFileSync(at(`${name}.merge`), `model a = "./a"\nmodel b = "./b"\n${recipe}`);
  for (const model of ['a', 'b']) {
    mkdirSync(at(model));
    linkSync(join(sandbox.root, 'weights', 'model.safetensors'), at(model, 'model.safetensors'));
    writeFileSync(at(model, 'config.json'), configOf(model));
  }
}

async function merged(name: string): Promise<string> {
  watched.begin();
  const run = await runRecipe(at(`${name}.merge`));
  proveInside();
  if (!run.ok) {
    expectPlainFault(run.fault, faults);
    return `planned, ${run.fault.code}`;
  }
  for (const file of readdirSync(at('out')))
    expectThat(!readFileSync(at('out', file)).includes('"canary"'), `${file} holds the canary`);
  return 'merged';
}

function configText(choices: Chance): string {
  const { below, oneIn } = choices;
  if (oneIn(40)) return `NaN ${'\\"'.repeat(below(200_000))}`;
  if (oneIn(3)) return damagedText(wildObject(choices, configKeys), choices);
  const layers = below(3);
  const members = [
    '"model_type": "llama"',
    `"num_hidden_layers": ${oneIn(2) ? 2 : layers}`,
    `"layer_types": [${Array(layers).fill('"full_attention"').join()}]`,
    '"torch_dtype": "bfloat16"',
    '"rope_theta": 10000.0',
    `"text_config": ${oneIn(2) ? '{"num_hidden_layers": 2}' : wildObject(choices, configKeys)}`,
    `"${choices.pick(configKeys)}": ${wildValue(choices)}`,
  ];
  return damagedText(`{${members.filter(() => !oneIn(5)).join()}}`, choices);
}

const sideNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'README.md',
  'LICENSE',
  'modeling_a.py',
  'modules.json',
];

function lockfile(choices: Chance): string {
  const { below, pick } = choices;
  const sound = printLockfile({
    mark: 'mergewright lock',
    version: 1,
    engineVersion: '0.1.0',
    recipes: [{ path: pick(['m.merge', '../../m.merge', '\u001b']), sha256: hash }],
    sources: Array.from({ length: below(3) }, (_, i) => ({
      name: `m${i}`,
      path: './m',
      files: [{ name: pick(['a', '../b', '/c']), size: below(9), sha256: hash, mtimeNs: '1' }],
    })),
  });
  const parsed = parseLockfile(damagedText(sound, choices), at('m.merge.lock'));
  if (parsed.ok) return 'read';
  expectPlainFault(parsed.fault, faults);
  expectThat(isInside(parsed.fault.file ?? '', place), 'another file is blamed');
  return parsed.fault.code;
}

if (import.meta.main)
  await soakCommand({ fuzzer: import.meta.filename, count: 20_000, mostMemory: 1e9 });
