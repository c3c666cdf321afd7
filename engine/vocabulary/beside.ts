/** What stands beside the weights of an output: files of its models, and those that are made for it. */
import { readFile } from 'node:fs/promises';
import type { Checked, Output } from '../../grammar/check/checked.ts';
import type { Checkpoint, SideFile } from '../checkpoints/checkpoint.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';
import { settle, type Result } from '../faults/fault.ts';
import { reading } from '../faults/system-fault.ts';
import { donorOf } from '../plan/donor.ts';
import { modelsOf } from './bring-models.ts';
import { templateText, withTemplate } from './chat-template.ts';
import type { TargetVocabulary } from './target.ts';
import { tokenizerName } from './vocabulary.ts';

export interface Beside {
  readonly carried: readonly SideFile[];
  /** Made for this output. */
  readonly written: readonly { readonly name: string; readonly text: string }[];
  /** Keys of the configuration that number tokens, where the tokenizer is another model's. */
  readonly tokenIds?: Readonly<Record<string, unknown>>;
}

export interface BesideContext {
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** Where the recipe lies. */
  readonly recipe: string;
  readonly target: TargetVocabulary | undefined;
}

/** By the place of the output in the recipe; faults are those of reading, and MW4572. */
export type Besides = Result<ReadonlyMap<number, Beside>>;

/** Where an output has a tokenizer or a template of its own: what stands beside it. */
export function besides(
  checked: Pick<Checked, 'outputs'>,
  context: BesideContext,
): Promise<Besides> {
  return settle(() => besidesOf(checked, context));
}

async function besidesOf(
  { outputs }: Pick<Checked, 'outputs'>,
  { checkpoints, recipe, target }: BesideContext,
): Promise<ReadonlyMap<number, Beside>> {
  const found = new Map<number, Beside>();
  for (const output of outputs) {
    const donor = donorOf(output.step.value);
    const model = donor === undefined ? undefined : checkpoints.get(donor);
    if (donor === undefined || model === undefined) continue;
    const isOther = output.vocabulary !== undefined && target !== undefined;
    if (!isOther && output.chatTemplate === undefined) continue;
    const tokenizer =
      isOther && (target.donor !== donor || target.json !== undefined)
        ? await withTokenizer(model, checkpoints.get(target.donor)!, target)
        : { carried: model.carried, written: [] };
    found.set(output.start, await templated(output, tokenizer, { checkpoints, recipe, target }));
  }
  return found;
}

async function templated(
  output: Output,
  beside: Beside,
  { checkpoints, recipe }: BesideContext,
): Promise<Beside> {
  if (output.chatTemplate === undefined) return beside;
  const models = modelsOf([output]).flatMap((name) => checkpoints.get(name) ?? []);
  const text = await templateText(output.chatTemplate, { recipe, models });
  return { ...beside, ...(await withTemplate(beside, text)) };
}

/** Files that tell a vocabulary and how text is cut into it. */
const tokenizerFiles =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|vocab\..*|merges\.txt|bpe\.codes|normalizer\.json|tekken\.json|.*\.(tiktoken|spm)|(spiece|sentencepiece\.bpe)\.model|chat_template\..*)$/;
/** Those that stay true when tokens are added behind the others. */
const stillTrue = /^(tokenizer_config\.json|special_tokens_map\.json|chat_template\..*)$/;
const idKeys = ['bos_token_id', 'eos_token_id', 'pad_token_id', 'decoder_start_token_id'];

async function withTokenizer(
  model: Checkpoint,
  giver: Checkpoint,
  target: TargetVocabulary,
): Promise<Beside> {
  const own = model.carried.filter(({ name }) => !tokenizerFiles.test(name));
  const given = giver.carried.filter(({ name }) => tokenizerFiles.test(name));
  const ids = model === giver ? {} : { tokenIds: tokenIdsOf(giver) };
  if (target.json === undefined) return { carried: [...own, ...given], written: [], ...ids };
  const carried = [...own, ...given.filter(({ name }) => stillTrue.test(name))];
  const text = `${JSON.stringify(target.json, null, 2)}\n`;
  const config = await withAdded({ carried, written: [] }, target);
  return {
    carried: carried.filter(({ name }) => name !== config?.name),
    written: [{ name: tokenizerName, text }, ...(config === undefined ? [] : [config])],
    ...ids,
  };
}

function tokenIdsOf({ configJson }: Checkpoint): Readonly<Record<string, unknown>> {
  if (!isJsonObject(configJson)) return {};
  return Object.fromEntries(
    idKeys.flatMap((key) => (key in configJson ? [[key, configJson[key]]] : [])),
  );
}

/** The tokenizer's configuration lists added tokens once more, by their numbers. */
async function withAdded(beside: Beside, { json, joined }: TargetVocabulary) {
  const name = 'tokenizer_config.json';
  const text = await textOf(name, beside);
  const config: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isJsonObject(config) || !isJsonObject(config.added_tokens_decoder)) return undefined;
  const added = (json?.added_tokens ?? []).filter(({ content }) => joined.has(content));
  const entries = added.map(({ id, ...entry }) => [String(id), entry]);
  const added_tokens_decoder = { ...config.added_tokens_decoder, ...Object.fromEntries(entries) };
  return { name, text: `${JSON.stringify({ ...config, added_tokens_decoder }, null, 2)}\n` };
}

export async function textOf(
  name: string,
  { carried, written }: Beside,
): Promise<string | undefined> {
  const made = written.find((one) => one.name === name);
  if (made !== undefined) return made.text;
  const file = carried.find((one) => one.name === name);
  return file && reading(file.path, () => readFile(file.path, 'utf8'));
}
