/** Hover in mergekit's YAML: keys, methods, parameters, and the models they name. */
import { keyNamed } from '../../grammar/mergekit/config/keys.ts';
import { placeOfKeys } from '../../grammar/mergekit/config/place.ts';
import { foreignMethods } from '../../grammar/mergekit/methods.ts';
import { entryOf, type YamlEntry, type YamlNode } from '../../grammar/mergekit/yaml/nodes.ts';
import { type Reading } from '../../grammar/mergekit/config/reading.ts';
import { referenceOf } from '../../grammar/mergekit/config/read-reference.ts';
import { sourceText } from '../../grammar/mergekit/into/source.ts';
import { type Span, touches } from '../../grammar/syntax/span.ts';
import { code, escaped, paragraphs } from '../describe/markdown.ts';
import { signatureLine } from '../describe/signature-text.ts';
import type { YamlAnalysis } from './analysis.ts';
import { foreignMethodPage, foreignParameterPage, keyPage } from './pages.ts';

export interface YamlHover {
  readonly span: Span;
  readonly markdown: string;
}

export function hoverIn(analysis: YamlAnalysis, offset: number): YamlHover | undefined {
  const document = analysis.documents.find(({ content }) => content && touches(content, offset));
  if (document?.content === undefined) return undefined;
  const path = entriesAt(document.content, offset);
  const entry = path.at(-1);
  if (entry === undefined) return undefined;
  const keys = path.slice(0, -1).map(({ key }) => key.text);
  const isMixture = entryOf(document.content, 'merge_method') === undefined;
  const place = placeOfKeys(keys, isMixture);
  const method = methodOf(document.content);
  if (touches(entry.key, offset)) {
    const span = { start: entry.key.start, end: entry.key.end };
    if (place.kind === 'parameters' && method !== undefined) {
      const parameter = method.parameters.find(({ name }) => name === entry.key.text);
      return (
        parameter && { span, markdown: foreignParameterPage(method, parameter, analysis.catalogue) }
      );
    }
    const info = place.kind === 'map' ? keyNamed(place.map, entry.key.text) : undefined;
    return info && { span, markdown: keyPage(info) };
  }
  const { value } = entry;
  if (value.kind !== 'scalar' || !touches(value, offset)) return undefined;
  const span = { start: value.start, end: value.end };
  if (entry.key.text === 'merge_method' && method !== undefined) {
    return { span, markdown: foreignMethodPage(method, analysis.catalogue) };
  }
  const markdown = modelPage(analysis, value);
  return markdown === undefined ? undefined : { span, markdown };
}

/** The entries around an offset, from the document down. */
function entriesAt(node: YamlNode, offset: number): readonly YamlEntry[] {
  switch (node.kind) {
    case 'scalar':
      return [];
    case 'list': {
      const item = node.items.find((one) => touches(one, offset));
      return item === undefined ? [] : entriesAt(item, offset);
    }
    case 'map': {
      const entry = node.entries.find((one) => touches(one, offset));
      return entry === undefined ? [] : [entry, ...entriesAt(entry.value, offset)];
    }
  }
}

function methodOf(content: YamlNode) {
  const value = entryOf(content, 'merge_method')?.value;
  return value?.kind === 'scalar' ? foreignMethods.get(String(value.value)) : undefined;
}

/** What the recipe calls a model, and what its header tells. */
function modelPage(
  { checked, models, surroundings }: YamlAnalysis,
  value: YamlNode,
): string | undefined {
  const reading: Reading = { findings: [], remarks: [] };
  const reference = referenceOf(reading, value, 'model');
  if (reference === undefined || checked === undefined) return undefined;
  const { text, reference: source } = sourceText(reference, surroundings);
  const found = checked.sources.find(
    (one) => one.kind === 'model' && JSON.stringify(one.reference) === JSON.stringify(source),
  );
  if (found === undefined) return undefined;
  const answer = models.get(found.name);
  const header =
    answer?.kind === 'read'
      ? signatureLine(answer.checkpoint.signature)
      : answer?.kind === 'fault'
        ? escaped(answer.fault.message)
        : undefined;
  return paragraphs(`**${code(found.name)}** in a recipe, ${code(text)}.`, header);
}
