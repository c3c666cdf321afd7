/** `output`: what is written where, and how. */
import type { Parameter } from '../catalogue.ts';
import { unknownSetting } from '../diagnostics/mw2005-unknown-setting.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { settingWithoutEffect } from '../diagnostics/mw3114-setting-without-effect.ts';
import { notAnOutput } from '../diagnostics/mw3028-not-an-output.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Expr, OutputStatement, Path } from '../syntax/tree.ts';
import { openedEntries } from './argument-value.ts';
import { meaningInWords } from './bind-place.ts';
import { adapterCall } from './adapters.ts';
import type { Output, OutputVocabulary, Step, TensorValue, TokenRow } from './checked.ts';
import {
  bare,
  type Checking,
  type Declaration,
  literalOf,
  quoted,
  report,
  reportUnknown,
} from './checking.ts';
import { dtypeOfWord } from './dtypes.ts';
import { type OutputSettingName, outputSettingTable } from './output-setting-table.ts';
import {
  chatTemplateOf,
  metadataOf,
  paddingOf,
  tokenizerOf,
  tokenRowsOf,
} from './output-settings.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { laterOfStep } from './reference.ts';
import { resolvePath, wholeDeclarationOf } from './scopes.ts';
import { kindOf } from './share.ts';
import { singleValue } from './single-value.ts';

type MutableSettings = {
  -readonly [Key in 'dtype' | 'shards' | 'chatTemplate' | 'metadata']?: Output[Key];
} & {
  card: boolean;
  tokenizer?: Span & { readonly models: readonly TensorValue[] };
  tokens?: ReadonlyMap<string, TokenRow>;
  padTo?: number;
};

export const outputSettings = outputSettingTable.map(({ name }) => name);

export function boundOutput(checking: Checking, statement: OutputStatement): Output | undefined {
  const settings: MutableSettings = { card: false };
  const step = stepOf(checking, statement);
  const isAdapter = step !== undefined && adapterCall(step.value) !== undefined;
  const given = readSettings(checking, statement, settings);
  if (isAdapter) leaveOut(checking, given, settings);
  const { folder } = statement;
  if (folder !== undefined && folder.value.trim() === '') {
    report(checking, wrongType, folder, 'An output needs a folder of its own: `"./out/name"`.');
    return undefined;
  }
  if (step === undefined || folder === undefined) return undefined;
  const { card, dtype, shards, chatTemplate, metadata } = settings;
  const later = laterOfStep(step);
  const vocabulary = vocabularyOf(settings);
  return {
    ...spanOf(statement),
    step,
    folder: folder.value,
    ...(dtype === undefined ? {} : { dtype }),
    ...(shards === undefined ? {} : { shards }),
    card,
    ...(vocabulary === undefined ? {} : { vocabulary }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(later === undefined ? {} : { later }),
  };
}

/** What a model has and an adapter has not; told where it is written here, as what several outputs share is for the models among them. */
const ofModels = [
  'shards',
  'tokenizer',
  'tokens',
  'chat_template',
  'pad_vocabulary_to',
] as const satisfies readonly OutputSettingName[];

function leaveOut(
  checking: Checking,
  given: ReadonlyMap<string, Span>,
  settings: MutableSettings,
): void {
  for (const name of ofModels) {
    const at = given.get(name);
    // Without a tokenizer that was told already.
    if (at === undefined || (name === 'tokens' && !given.has('tokenizer'))) continue;
    const why = name === 'shards' ? 'an adapter is one file' : 'an adapter has no vocabulary';
    report(checking, settingWithoutEffect, at, `\`${name}\` does nothing here: ${why}.`);
  }
  delete settings.shards;
  delete settings.tokenizer;
  delete settings.chatTemplate;
}

function vocabularyOf({ tokenizer, tokens, padTo }: MutableSettings): OutputVocabulary | undefined {
  if (tokenizer === undefined) return undefined;
  const { models } = tokenizer;
  return { ...spanOf(tokenizer), models, tokens: tokens ?? new Map(), padTo: padTo ?? 1 };
}

function stepOf(checking: Checking, statement: OutputStatement): Step | undefined {
  const { target } = statement;
  const found = target && resolvePath(checking, target);
  if (found === undefined || target === undefined) return undefined;
  const [surplus] = found.rest;
  if (surplus !== undefined) {
    const message = `\`${found.name}\` has nothing called \`${surplus.text}\` to write.`;
    report(checking, notAnOutput, surplus, message);
    return undefined;
  }
  const name = { ...spanOf(target), text: found.name };
  const step = stepDeclared(checking, found.declaration, target);
  if (step === undefined || step.value.later !== undefined) return step;
  if (step.value.kind === 'broken') return undefined;
  if (kindOf(step.value) !== 'delta' || adapterCall(step.value) !== undefined) return step;
  const message = `\`${name.text}\` is a Delta, which is no model of its own: \`merge m = base + ${name.text}\`, or an adapter, \`merge a = to_lora(${name.text}, rank: 32)\`.`;
  report(checking, notAnOutput, name, message);
  return undefined;
}

function stepDeclared(checking: Checking, declaration: Declaration, path: Path): Step | undefined {
  const { meaning, statement } = declaration;
  switch (meaning.kind) {
    case 'step':
    case 'search':
      return meaning.step;
    case 'model': {
      // A source may be written out as it is: converted, sharded anew.
      const quantity = quantityOf(checking, {
        kind: 'reference',
        path,
        ...spanOf(path),
      });
      if (quantity.kind !== 'tensor') return undefined;
      const { name } = meaning.source;
      return { name, statement, value: quantity.value, rules: [], ...spanOf(statement) };
    }
    case 'broken':
    case 'module':
      return undefined;
    case 'adapter':
    case 'stats':
    case 'mask':
    case 'let':
    case 'param':
    case 'place':
    case 'evaluate':
    case 'sweep': {
      const what = meaningInWords(declaration);
      report(
        checking,
        notAnOutput,
        path,
        `${quoted(checking, path)} is ${what}; an output writes a model or a step.`,
      );
      return undefined;
    }
  }
}

/** Where each setting stands that is written here by its name. */
function readSettings(
  checking: Checking,
  statement: OutputStatement,
  settings: MutableSettings,
): ReadonlyMap<string, Span> {
  const written = new Map<string, Span>();
  const spread: { readonly key: Span; readonly name: string; readonly value: Expr }[] = [];
  for (const setting of statement.settings) {
    if (setting.kind === 'setting') {
      const name = setting.path.parts.map(({ text }) => text).join('.');
      if (written.has(name)) {
        report(checking, givenTwice, setting.path, `\`${name}\` is set twice in this output.`);
        continue;
      }
      written.set(name, spanOf(setting.path));
      continue;
    }
    const map = literalOf(checking, setting.value);
    if (map.kind === 'map') spread.push(...openedEntries(checking, map));
    else
      reportWrongType(
        checking,
        setting.value,
        'a map of settings',
        quantityOf(checking, setting.value),
      );
  }
  for (const { key, name, value } of spread) {
    // What is named outranks a spread.
    if (!written.has(name)) readSetting(checking, key, name, value, settings);
  }
  for (const setting of statement.settings) {
    if (setting.kind !== 'setting') continue;
    const name = setting.path.parts.map(({ text }) => text).join('.');
    readSetting(checking, setting.path, name, setting.value, settings);
  }
  const tokens = statement.settings.find(
    (setting) => setting.kind === 'setting' && setting.path.parts[0]?.text === 'tokens',
  );
  const names = new Set([...written.keys(), ...spread.map(({ name }) => name)]);
  if (tokens?.kind === 'setting' && !names.has('tokenizer')) {
    const message =
      '`tokens` does nothing here: the rows stay as they are unless a `tokenizer` is set.';
    report(checking, settingWithoutEffect, tokens.path, message);
  }
  return written;
}

const dtypeParameter: Parameter = { name: 'dtype', type: { kind: 'dtype' }, meaning: '' };
const cardParameter: Parameter = { name: 'card', type: { kind: 'boolean' }, meaning: '' };

/** One setting of an output, or of a map made for outputs. */
export function readSetting(
  checking: Checking,
  key: Span,
  name: string,
  expr: Expr,
  settings: MutableSettings = { card: false },
): void {
  switch (name) {
    case 'dtype': {
      const value = singleValue(checking, expr, dtypeParameter);
      const dtype = value?.kind === 'word' ? dtypeOfWord(value.word) : undefined;
      if (dtype !== undefined) settings.dtype = dtype;
      return;
    }
    case 'card': {
      const value = singleValue(checking, expr, cardParameter);
      if (value?.kind === 'boolean') settings.card = value.value;
      return;
    }
    case 'shards': {
      const size = sizeOf(checking, expr);
      if (size !== undefined) settings.shards = size;
      return;
    }
    case 'tokenizer': {
      const models = tokenizerOf(checking, expr);
      if (models !== undefined) settings.tokenizer = { ...spanOf(expr), models };
      return;
    }
    case 'tokens':
      settings.tokens = tokenRowsOf(checking, expr);
      return;
    case 'pad_vocabulary_to':
      settings.padTo = paddingOf(checking, expr) ?? 1;
      return;
    case 'chat_template': {
      const template = chatTemplateOf(checking, expr);
      if (template !== undefined) settings.chatTemplate = template;
      return;
    }
    case 'metadata':
      settings.metadata = metadataOf(checking, expr);
      return;
    default: {
      const problem = `an output has no setting \`${name}\``;
      reportUnknown(checking, unknownSetting, key, problem, outputSettings);
    }
  }
}

function sizeOf(checking: Checking, expr: Expr): number | undefined {
  let at = bare(expr);
  if (at.kind === 'reference') {
    const meaning = wholeDeclarationOf(checking, at.path)?.declaration.meaning;
    if (meaning?.kind === 'let') at = bare(meaning.statement.value);
  }
  if (at.kind !== 'bytes') {
    reportWrongType(checking, expr, '`shards`, a size such as `5 GB`', quantityOf(checking, expr));
    return undefined;
  }
  if (at.value >= 1) return at.value;
  report(checking, outOfRange, expr, `${quoted(checking, expr)} is no size that a shard can have.`);
  return undefined;
}
