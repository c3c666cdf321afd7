/** The chat template of an output: chosen, and written where loaders look for it. */
import { dirname, resolve } from 'node:path';
import type { ChatTemplate } from '../../grammar/check/checked.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { isJsonObject, readBoundedText, readJsonFile } from '../checkpoints/read-json.ts';
import { raise } from '../faults/fault.ts';
import { shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { unreadTemplate } from '../faults/unread-template.ts';
import { textOf, type Beside } from './beside.ts';
import { templateTexts } from './template-texts.ts';

export const templateName = 'chat_template.jinja';
const configName = 'tokenizer_config.json';
const mostBytes = 1_000_000;
const bounds = { mostBytes: 50_000_000, deepest: 32 };

/**
 * The text of a template; undefined where there is to be none. A majority is of equal texts among the models, the first on a
 * tie. Throws MW4572 and the faults of reading.
 */
export async function templateText(
  template: ChatTemplate,
  { recipe, models }: { readonly recipe: string; readonly models: readonly Checkpoint[] },
): Promise<string | undefined> {
  if (template.kind === 'file') return fileText(resolve(dirname(recipe), template.path));
  switch (template.word) {
    case 'none':
      return undefined;
    case 'majority':
      return majority(models);
    default:
      return templateTexts[template.word];
  }
}

async function fileText(path: string): Promise<string> {
  const text = await reading(path, () => readBoundedText(path, mostBytes));
  if (typeof text === 'string') return text;
  raise(unreadTemplate, {
    file: path,
    message: `The chat template ${shownPlain(path)} ${shownPlain(text.what)}.`,
    help: 'Name a text file with the template.',
  });
}

async function majority(models: readonly Checkpoint[]): Promise<string | undefined> {
  const counts = new Map<string, number>();
  for (const model of models) {
    const text = await templateOf(model);
    if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  const found = [...counts].find(([, count]) => count === most)?.[0];
  if (found !== undefined) return `${found}\n`;
  raise(unreadTemplate, {
    message: 'None of the models has a chat template, of which the majority could be taken.',
    help: 'Name one, such as `chat_template = chatml`, or leave the setting out.',
  });
}

/** A model's own template: the file beside it, else that of its tokenizer's configuration. */
async function templateOf(model: Checkpoint): Promise<string | undefined> {
  const file = model.carried.find(({ name }) => name === templateName);
  if (file !== undefined) return (await fileText(file.path)).trim();
  const config = model.carried.find(({ name }) => name === configName);
  const read = config && (await readJsonFile(config.path, bounds));
  if (read?.ok !== true || !isJsonObject(read.json)) return undefined;
  const template = read.json.chat_template;
  if (typeof template === 'string') return template.trim();
  // Several, each with a name.
  if (!Array.isArray(template)) return undefined;
  const entry: unknown = template.find((one) => isJsonObject(one) && one.name === 'default');
  return isJsonObject(entry) && typeof entry.template === 'string'
    ? entry.template.trim()
    : undefined;
}

/** Puts a template in the place of those that are carried; undefined takes them away. */
export async function withTemplate(beside: Beside, text: string | undefined): Promise<Beside> {
  const carried = beside.carried.filter(({ name }) => !/^chat_template\./.test(name));
  const written = beside.written.filter(({ name }) => name !== templateName);
  const made = text === undefined ? [] : [{ name: templateName, text }];
  const config = await configWithout({ carried, written });
  if (config === undefined) return { carried, written: [...written, ...made] };
  return {
    carried: carried.filter(({ name }) => name !== configName),
    written: [...written.filter(({ name }) => name !== configName), ...made, config],
  };
}

/** The tokenizer's configuration without a template of its own, if it has one. */
async function configWithout({ carried, written }: Beside) {
  const text = await textOf(configName, { carried, written });
  if (text === undefined) return undefined;
  const json: unknown = JSON.parse(text);
  if (!isJsonObject(json) || !('chat_template' in json)) return undefined;
  const rest = Object.fromEntries(Object.entries(json).filter(([key]) => key !== 'chat_template'));
  return { name: configName, text: `${JSON.stringify(rest, null, 2)}\n` };
}
