/** What `adapter_config.json` says of the factors beside it. */
import { join } from 'node:path';
import { fileInside, type FolderBounds } from '../checkpoints/inside-folder.ts';
import { configBounds, isJsonObject, readJsonFile } from '../checkpoints/read-json.ts';
import { malformedAdapter } from '../faults/malformed-adapter.ts';
import { raise } from '../faults/fault.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { unreadAdapter } from '../faults/unread-adapter.ts';
import {
  namePattern,
  patternEffort,
  type NamePattern,
  type PatternEffort,
} from './name-pattern.ts';

export const configName = 'adapter_config.json';

export interface PeftConfig {
  /** Rank and scale of a module, by its dotted name without wrapping words. */
  readonly ofModule: (name: string) => { readonly rank: number; readonly scale: number };
  readonly fanInFanOut: boolean;
}

/** Settings under which an adapter is no plain sum, or its factors belong to weights that are not the base's. */
const otherKinds: readonly { readonly key: string; readonly what: string }[] = [
  { key: 'use_dora', what: 'a DoRA (use_dora), which scales whole columns of the merged weights' },
  { key: 'lora_bias', what: 'a LoRA with biases of its own (lora_bias)' },
  {
    key: 'layer_replication',
    what: 'a LoRA on layers that stand for one another (layer_replication)',
  },
  { key: 'target_parameters', what: 'a LoRA on parameters of three axes (target_parameters)' },
  { key: 'modules_to_save', what: 'a LoRA with whole tensors beside it (modules_to_save)' },
  {
    key: 'trainable_token_indices',
    what: 'a LoRA with rows of an embedding beside it (trainable_token_indices)',
  },
  {
    key: 'alora_invocation_tokens',
    what: 'a LoRA that only some tokens call (alora_invocation_tokens)',
  },
  { key: 'use_qalora', what: 'a LoRA on groups of columns (use_qalora)' },
  { key: 'kasa_config', what: 'a KaSA, which changes the model’s own weights' },
];

/** First weights that are taken out of the model: the factors then belong to what is left of it. */
const takenOut = /^(pissa|olora|loftq|corda|lora_ga)/;

/** Throws MW4524 for kinds that are not read, MW4525 for what is no such configuration. */
export async function readPeftConfig(bounds: FolderBounds): Promise<PeftConfig> {
  const path = join(bounds.folder, configName);
  const file = await readJsonFile(await fileInside(configName, bounds), configBounds);
  if (!file.ok) malformed(path, file.what);
  const { json } = file;
  if (!isJsonObject(json)) malformed(path, 'is not a JSON object');
  refuseOtherKinds(json, path);
  const rank = json['r'] ?? 8;
  const alpha = json['lora_alpha'] ?? 8;
  if (!isRank(rank)) malformed(path, 'gives no whole rank `r`');
  if (!isNumber(alpha)) malformed(path, 'gives no number `lora_alpha`');
  const effort = patternEffort();
  const ranks = patternsOf(json, 'rank_pattern', isRank, { path, effort });
  const alphas = patternsOf(json, 'alpha_pattern', isNumber, { path, effort });
  const isRankStabilised = json['use_rslora'] === true;
  return {
    fanInFanOut: json['fan_in_fan_out'] === true,
    ofModule(name) {
      const own = ranks.find(({ fits }) => fits(name))?.value ?? rank;
      const of = alphas.find(({ fits }) => fits(name))?.value ?? alpha;
      if (effort.steps < 0) malformed(path, 'has more patterns than can be matched');
      return { rank: own, scale: of / (isRankStabilised ? Math.sqrt(own) : own) };
    },
  };
}

function refuseOtherKinds(json: Readonly<Record<string, unknown>>, path: string): void {
  const type = json['peft_type'];
  if (type !== undefined && type !== 'LORA') {
    // An object out of a file need not let itself be made a text.
    const told = typeof type === 'string' ? type : JSON.stringify(type);
    refuse(path, `an adapter of the type ${shown(told)}, not a LoRA`);
  }
  for (const { key, what } of otherKinds) {
    const value = json[key];
    const isSet =
      Array.isArray(value) || isJsonObject(value)
        ? Object.keys(value).length > 0
        : value !== undefined && value !== null && value !== false;
    if (isSet) refuse(path, what);
  }
  const start = json['init_lora_weights'];
  if (typeof start === 'string' && takenOut.test(start)) {
    refuse(
      path,
      `a LoRA whose factors begin as a part of the model (init_lora_weights: ${shown(start)}) and belong to what is left of it`,
    );
  }
}

function patternsOf<T>(
  json: Readonly<Record<string, unknown>>,
  key: 'rank_pattern' | 'alpha_pattern',
  isValue: (value: unknown) => value is T,
  { path, effort }: { readonly path: string; readonly effort: PatternEffort },
): readonly { readonly fits: NamePattern; readonly value: T }[] {
  const patterns = json[key] ?? {};
  if (!isJsonObject(patterns)) malformed(path, `has no map \`${key}\``);
  return Object.entries(patterns).map(([text, value]) => {
    const fits = namePattern(text, effort);
    if (fits === undefined)
      malformed(path, `has a pattern in \`${key}\` that is not read: ${shown(text)}`);
    if (!isValue(value)) malformed(path, `gives ${shown(text)} in \`${key}\` no number of its own`);
    return { fits, value };
  });
}

function isRank(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function malformed(path: string, what: string): never {
  raise(malformedAdapter, {
    file: path,
    message: `The configuration ${shownPlain(path)} ${what}.`,
    help: `Copy ${configName} again from where the adapter came from.`,
  });
}

function refuse(path: string, what: string): never {
  raise(unreadAdapter, {
    file: path,
    message: `${shownPlain(path)} says that this is ${what}.`,
    help: 'Merge the adapter into its model with the trainer’s own tool, and declare the result as a model.',
  });
}
