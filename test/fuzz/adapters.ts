/**
 * `node test/fuzz/adapters.ts [--count 50000] [--seed N] [--seconds S]`: adapters whose configuration is wild, whose patterns of
 * ranks would keep a matcher busy for ever, whose factors have names and shapes of other kinds or none. Each is opened.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { expectPlainFault, expectThat } from './expectations.ts';
import { wildObject, wildValue } from './made-json.ts';
import { chance, type Chance, mutate } from './mutate.ts';
import { makeSandbox, type Sandbox, weightsFile } from './sandbox.ts';
import { type Examiner, soakCommand } from './soak.ts';
import { type WatchedFiles, watchFiles } from './watched-files.ts';

const faults = /^MW(45\d\d|6005)$/;

let sandbox: Sandbox;
let watched: WatchedFiles;

export const examiner: Examiner = {
  prepare() {
    sandbox = makeSandbox();
    watched = watchFiles();
  },
  async examine(seed, number) {
    const choices = chance(seed, number);
    const folder = join(sandbox.root, 'adapter');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const isLarge = number % 500 === 499;
    makeAdapter(folder, choices, isLarge);
    watched.begin();
    const opened = await openCheckpoint({ kind: 'local', path: folder, as: 'adapter' });
    watched.proveInside([folder]);
    if (!opened.ok) {
      expectPlainFault(opened.fault, faults);
      return `${isLarge ? 'large: ' : ''}${opened.fault.code}`;
    }
    const { adapter, tensors } = opened.value;
    expectThat(adapter !== undefined, 'an adapter is no adapter');
    for (const { up, down, rank, scale } of adapter.modules) {
      expectThat(tensors.has(up.tensor) && tensors.has(down.tensor), 'a factor is invented');
      expectThat(rank > 0 && Number.isFinite(scale), `rank ${rank}, scale ${scale}`);
    }
    return isLarge ? 'large: opened' : 'opened';
  },
  inspect: () => sandbox.proveUntouched(),
  tidy: () => sandbox.remove(),
};

const modules = [
  'base_model.model.model.layers.0.self_attn.q_proj',
  'base_model.model.model.layers.1.mlp.up_proj',
  'lora_unet_down_blocks_0_attentions_0_proj_in',
  'lora_te_text_model_encoder_layers_0_mlp_fc1',
  'transformer.h.0.attn.c_attn',
  `${'layers.0.'.repeat(200)}q`,
];
const pairs = [
  ['lora_B.weight', 'lora_A.weight'],
  ['lora_B.default.weight', 'lora_A.default.weight'],
  ['lora_up.weight', 'lora_down.weight'],
  ['lora_embedding_B', 'lora_embedding_A'],
] as const;
const strangers = ['lora_magnitude_vector', 'hada_w1_a', 'lokr_w1', 'diff', 'lora_mid.weight', 'x'];

function makeAdapter(folder: string, choices: Chance, isLarge: boolean): void {
  const { below, oneIn, pick } = choices;
  const words: Record<string, string> = {};
  const count = isLarge ? 300 : 1 + below(4);
  for (let module = 0; module < count; module += 1) {
    const name = isLarge ? `base_model.model.model.layers.${module}.q_proj` : pick(modules);
    const [up, down] = isLarge ? pairs[0] : pick(pairs);
    const rank = isLarge || !oneIn(6) ? 2 : below(3);
    if (isLarge) {
      words[`${name}.${up}`] = 'F32 [4,2]';
      words[`${name}.${down}`] = 'F32 [2,3]';
      continue;
    }
    const dtype = oneIn(9) ? 'I64' : 'F32';
    words[`${name}.${up}`] = `${dtype} [4,${oneIn(12) ? below(4) : rank}]`;
    if (!oneIn(12)) words[`${name}.${down}`] = `F32 [${rank},${oneIn(9) ? '3,1,1' : '3'}]`;
    if (oneIn(4))
      words[`${name}.alpha`] = pick(['F32 []', 'F32 [1]', 'I64 []', 'F16 [2]', 'U8 []']);
    if (oneIn(12)) words[`${name}.${pick(strangers)}`] = 'F32 [2]';
  }
  const bytes = weightsFile(words);
  const path = join(folder, 'adapter_model.safetensors');
  writeFileSync(path, !isLarge && oneIn(5) ? mutate(bytes, choices) : bytes);
  const configPath = join(folder, 'adapter_config.json');
  if (oneIn(8) && !isLarge) return;
  if (oneIn(30)) symlinkSync(join(sandbox.canary, 'config.json'), configPath);
  else writeFileSync(configPath, configText(choices, isLarge));
}

const configKeys = [
  'peft_type',
  'r',
  'lora_alpha',
  'rank_pattern',
  'alpha_pattern',
  'use_rslora',
  'use_dora',
  'fan_in_fan_out',
  'init_lora_weights',
  'modules_to_save',
  'target_modules',
];

function configText(choices: Chance, isLarge: boolean): string {
  const { oneIn, pick } = choices;
  if (!isLarge && oneIn(4)) return wildObject(choices, configKeys);
  const key = pick(['rank_pattern', 'alpha_pattern']);
  const members = [
    '"peft_type": "LORA"',
    '"r": 2',
    '"lora_alpha": 4',
    `"${key}": {${patterns(choices, isLarge).join()}}`,
    ...(!isLarge && oneIn(3) ? [`"${pick(configKeys)}": ${wildValue(choices)}`] : []),
  ];
  const text = `{${members.join()}}`;
  return !isLarge && oneIn(5)
    ? Buffer.from(mutate(Buffer.from(text), choices)).toString('utf8')
    : text;
}

/** Each with a number; in a large configuration as many as it may have, all of which are read. */
function patterns(choices: Chance, isLarge: boolean): readonly string[] {
  const { below, oneIn, pick } = choices;
  const made: string[] = [];
  // One sort a file: what takes long takes long many times.
  const sort = pick(hardPatterns);
  const bytes = isLarge ? choices.pick([100_000, 6_000_000]) : 300;
  for (let length = 0; length < bytes; length += made.at(-1)!.length) {
    const text = !isLarge && oneIn(4) ? randomPattern(choices) : sort(made.length, below(30));
    made.push(`${JSON.stringify(text)}: ${!isLarge && oneIn(20) ? wildValue(choices) : 2}`);
  }
  return made;
}

const hardPatterns: readonly ((number: number, size: number) => string)[] = [
  (number) => `model.layers.${number}.q_proj`,
  (number, size) => `${'(a*)*'.repeat(size)}${number}`,
  (number, size) => `(${'.*'.repeat(size)})${number}`,
  (number, size) => `${'(.|.)*'.repeat(size)}${number}`,
  (number, size) => `${'('.repeat(size)}a${'+)+'.repeat(size)}${number}`,
  (number) => `(.{1,90}){1,40}${number}`,
  (number) => `${'.?'.repeat(400)}${number}`,
  (number) => `(${Array.from({ length: 200 }, (_, i) => `l${i}`).join('|')})*${number}`,
];

function randomPattern({ below, pick }: Chance): string {
  const parts = [
    'a',
    'q',
    '.',
    '\\.',
    '(',
    ')',
    '|',
    '*',
    '+',
    '?',
    '[',
    ']',
    '^',
    '$',
    '{2}',
    '\\d',
  ];
  return Array.from({ length: below(20) }, () => pick(parts)).join('');
}

if (import.meta.main)
  await soakCommand({ fuzzer: import.meta.filename, count: 50_000, mostMemory: 1e9 });
