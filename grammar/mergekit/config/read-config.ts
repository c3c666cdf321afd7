/** Reads a configuration of mergekit: each document typed, with everything that is wrong in it or dropped from it. */
import { nearest } from '../../check/did-you-mean.ts';
import { replacing } from '../../diagnostics/finding.ts';
import { noMergeMethod } from '../../diagnostics/mw7002-no-merge-method.ts';
import { oneListOfModels } from '../../diagnostics/mw7005-one-list-of-models.ts';
import { layerRange } from '../../diagnostics/mw7008-layer-range.ts';
import { unknownDtype } from '../../diagnostics/mw7010-unknown-dtype.ts';
import { searchComesLater } from '../../diagnostics/mw7012-search-comes-later.ts';
import { keyIgnored } from '../../diagnostics/mw7101-key-ignored.ts';
import {
  described,
  entryOf,
  isNull,
  type YamlDocument,
  type YamlMap,
  type YamlNode,
} from '../yaml/nodes.ts';
import type {
  ConfigDocument,
  DtypeWord,
  Layout,
  Located,
  MergeDocument,
  ModelEntry,
  Module,
  Slice,
} from './config.ts';
import { mixtureOf } from './read-mixture.ts';
import { parametersOf } from './read-parameters.ts';
import { referenceOf } from './read-reference.ts';
import { tokenizerOf } from './read-tokenizer.ts';
import {
  ignore,
  listOf,
  mapOf,
  needKey,
  numberOf,
  type Reading,
  report,
  textOf,
} from './reading.ts';

/** Undefined: the document is refused, and why is among the findings. */
export function configOf(
  reading: Reading,
  { content, start, end }: YamlDocument,
): ConfigDocument | undefined {
  if (content?.kind !== 'map') {
    const span = content ?? { start, end };
    const what = content === undefined ? 'nothing' : described(content);
    return report(reading, noMergeMethod, span, `A configuration is a map of keys, not ${what}.`);
  }
  const genome = entryOf(content, 'genome');
  if (genome !== undefined) {
    const message =
      'A `genome` is a search for a merge, and searches are not imported yet: import the merge it found.';
    return report(reading, searchComesLater, genome.key, message);
  }
  const span = { start: content.start, end: Math.max(content.end, end) };
  const hasMethod = entryOf(content, 'merge_method') !== undefined;
  const isMixture = !hasMethod && entryOf(content, 'experts') !== undefined;
  return isMixture ? mixtureOf(reading, content, span) : mergeOf(reading, content, span);
}

function mergeOf(
  reading: Reading,
  content: YamlMap,
  span: { readonly start: number; readonly end: number },
): MergeDocument | undefined {
  mapOf(reading, content, 'document');
  const methodEntry = entryOf(content, 'merge_method');
  if (methodEntry === undefined || isNull(methodEntry.value)) {
    const first = content.entries[0]?.key ?? content;
    report(reading, noMergeMethod, first, 'Nothing says how to merge: `merge_method` is missing.');
  }
  const method = methodEntry && textOf(reading, methodEntry.value, 'merge_method');
  const nameEntry = present(content, 'name');
  const name = nameEntry && textOf(reading, nameEntry, 'name');
  const baseNode = present(content, 'base_model');
  const base = baseNode && referenceOf(reading, baseNode, 'base_model');
  const modules = modulesOf(reading, content);
  const parameters = parametersOf(reading, entryOf(content, 'parameters')?.value);
  const dtype = dtypeOf(reading, content, 'dtype');
  const outDtype = dtypeOf(reading, content, 'out_dtype');
  const tokenizer = tokenizerOf(reading, content);
  const templateNode = present(content, 'chat_template');
  const chatTemplate = templateNode && textOf(reading, templateNode, 'chat_template');
  // With what is left the rest of it can still be looked at; that it is refused is decided by its findings.
  const isReadable = baseNode === undefined || base !== undefined;
  if (method === undefined || modules === undefined || !isReadable) return undefined;
  return {
    kind: 'merge',
    ...span,
    method,
    modules,
    parameters,
    ...(name === undefined ? {} : { name }),
    ...(base === undefined ? {} : { base }),
    ...(dtype === undefined ? {} : { dtype }),
    ...(outDtype === undefined ? {} : { outDtype }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
  };
}

export function errorCount({ findings }: Reading): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}

function present(map: YamlMap, key: string): YamlNode | undefined {
  const value = entryOf(map, key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

const dtypes: ReadonlyMap<string, DtypeWord> = new Map([
  ['bfloat16', 'bf16'],
  ['float16', 'f16'],
  ['float32', 'f32'],
]);

export function dtypeOf(
  reading: Reading,
  map: YamlMap,
  key: string,
): Located<DtypeWord> | undefined {
  const node = present(map, key);
  const text = node && textOf(reading, node, key);
  if (text === undefined) return undefined;
  const word = text.value.replace(/^torch\./, '');
  const value = dtypes.get(word);
  if (value !== undefined) return { value, start: text.start, end: text.end };
  const meant = nearest(word, dtypes.keys());
  const message = `\`${text.value}\` is no type that mergekit stores: ${[...dtypes.keys()].map((one) => `\`${one}\``).join(', ')}.`;
  return report(reading, unknownDtype, text, message, {
    fixes: meant === undefined ? [] : [replacing(text, meant)],
  });
}

/** Models and slices of the top level are the one module of most networks. */
function modulesOf(reading: Reading, map: YamlMap): readonly Module[] | undefined {
  const given = ['models', 'slices', 'modules'].flatMap((key) => {
    const entry = entryOf(map, key);
    return entry === undefined || isEmpty(entry.value) ? [] : [entry];
  });
  const [first, second] = given;
  if (first === undefined) {
    const at = entryOf(map, 'merge_method')?.key ?? map;
    const message = 'Nothing to merge: one of `models`, `slices` and `modules` lists the inputs.';
    return report(reading, oneListOfModels, at, message);
  }
  if (second !== undefined) {
    const message = `\`${first.key.text}\` and \`${second.key.text}\` both list inputs; a merge has one list.`;
    return report(reading, oneListOfModels, second.key, message);
  }
  if (first.key.text !== 'modules') {
    const layout = layoutOf(reading, map);
    const name = { value: 'default', start: first.key.start, end: first.key.end };
    return layout && [{ name, layout, parameters: [], start: first.start, end: first.end }];
  }
  if (first.value.kind !== 'map') {
    const message = `\`modules\` is a map from names to models or slices, not ${described(first.value)}.`;
    return report(reading, oneListOfModels, first.value, message);
  }
  const modules = first.value.entries.map(({ key, value, start, end }): Module | undefined => {
    const module = mapOf(reading, value, 'module');
    const layout = module && layoutOf(reading, module);
    if (layout === undefined) return undefined;
    const name = { value: key.text, start: key.start, end: key.end };
    const parameters = parametersOf(reading, entryOf(module, 'parameters')?.value);
    return { name, layout, parameters, start, end };
  });
  const whole = modules.flatMap((module) => module ?? []);
  return whole.length === modules.length ? whole : undefined;
}

function isEmpty(node: YamlNode): boolean {
  return isNull(node) || (node.kind === 'list' && node.items.length === 0);
}

function layoutOf(reading: Reading, map: YamlMap): Layout | undefined {
  const models = present(map, 'models');
  const slices = present(map, 'slices');
  if ((models === undefined) === (slices === undefined)) {
    const message = 'Here stands either `models` or `slices`.';
    return report(reading, oneListOfModels, map.entries[0]?.key ?? map, message);
  }
  if (models !== undefined) {
    const list = listOf(reading, models, 'models');
    const entries = list && whole(list.items.map((item) => modelEntry(reading, item, 'entry')));
    return entries && { kind: 'models', models: entries, start: models.start, end: models.end };
  }
  const node = slices!;
  const list = listOf(reading, node, 'slices');
  const read = list && whole(list.items.map((item) => sliceOf(reading, item)));
  return read && { kind: 'slices', slices: read, start: node.start, end: node.end };
}

function whole<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const there = items.flatMap((item) => (item === undefined ? [] : [item]));
  return there.length === items.length ? there : undefined;
}

function sliceOf(reading: Reading, node: YamlNode): Slice | undefined {
  const map = mapOf(reading, node, 'slice');
  const sourcesEntry = map && needKey(reading, map, 'sources');
  const list = sourcesEntry && listOf(reading, sourcesEntry.value, 'sources');
  if (map === undefined || list === undefined) return undefined;
  const residual = entryOf(map, 'residual_weight');
  if (residual !== undefined) ignore(reading, keyIgnored, residual, 'nothing reads it');
  const baseNode = present(map, 'base_model');
  const base = baseNode && referenceOf(reading, baseNode, 'base_model');
  const sources = whole(list.items.map((item) => modelEntry(reading, item, 'source')));
  if (sources === undefined) return undefined;
  if (sources.length === 0) {
    return report(reading, oneListOfModels, sourcesEntry!.key, 'This slice has no sources.');
  }
  return {
    sources,
    ...(base === undefined ? {} : { base }),
    parameters: parametersOf(reading, entryOf(map, 'parameters')?.value),
    start: map.start,
    end: map.end,
  };
}

function modelEntry(
  reading: Reading,
  node: YamlNode,
  kind: 'entry' | 'source',
): ModelEntry | undefined {
  // `- org/name` alone is no entry there, however plain its meaning.
  const map = mapOf(reading, node, kind);
  const modelNode = map && needKey(reading, map, 'model');
  const model = modelNode && referenceOf(reading, modelNode.value, 'model');
  if (map === undefined || model === undefined) return undefined;
  const range = kind === 'source' ? rangeOf(reading, map) : undefined;
  if (kind === 'source' && range === undefined) return undefined;
  const parameters = entryOf(map, 'parameters');
  return {
    model,
    parameters: parametersOf(reading, parameters?.value),
    ...(parameters === undefined
      ? {}
      : { parametersSpan: { start: parameters.start, end: parameters.end } }),
    ...(range === undefined ? {} : { range }),
    start: map.start,
    end: map.end,
  };
}

function rangeOf(reading: Reading, map: YamlMap): ModelEntry['range'] {
  const entry = needKey(reading, map, 'layer_range');
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  const numbers = node.kind === 'list' ? node.items.map(numberOf) : [];
  const [first, behind] = numbers;
  const isPair = numbers.length === 2 && numbers.every((number) => Number.isSafeInteger(number));
  if (!isPair || first === undefined || behind === undefined) {
    const message =
      '`layer_range` is two whole numbers: its first layer, and the one behind its last.';
    return report(reading, layerRange, node, message);
  }
  if (first < 0 || behind <= first) {
    const message =
      behind < 0
        ? `\`[${first}, ${behind}]\` gives no layers: ${behind} does not count from the end here. Write the layer behind the last, such as 32.`
        : `\`[${first}, ${behind}]\` gives no layers: the second number is the layer behind the last.`;
    return report(reading, layerRange, node, message);
  }
  return { first, behind, start: node.start, end: node.end };
}
