/** Completion in mergekit's YAML: the keys of a place, the methods, the parameters of the method with their ranges. */
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import type { Catalogue, Parameter } from '../../grammar/catalogue.ts';
import { describeType } from '../../grammar/check/parameters.ts';
import { type KeyInfo, keyNamed, keysOf } from '../../grammar/mergekit/config/keys.ts';
import { placeOfKeys } from '../../grammar/mergekit/config/place.ts';
import {
  type ForeignMethod,
  foreignMethods,
  type ForeignParameter,
} from '../../grammar/mergekit/methods.ts';
import { type LineMap, lineMap } from '../../grammar/syntax/lines.ts';
import { rangeOf } from '../analysis/positions.ts';
import { foreignMethodPage, foreignParameterPage, keyPage, oursOf } from './pages.ts';
import { cursorIn, type YamlCursor } from './place.ts';

export function completionIn(
  text: string,
  offset: number,
  catalogue: Catalogue,
): readonly CompletionItem[] {
  const cursor = cursorIn(text, offset);
  if (cursor === undefined) return [];
  const proposals =
    cursor.at.kind === 'key'
      ? keyProposals(cursor, catalogue)
      : valueProposals(cursor, cursor.at.key, catalogue);
  const lines: LineMap = lineMap(text);
  const range = rangeOf({ lines }, cursor.word);
  return proposals.map(({ label, insert = label, kind, detail, page }, index) => ({
    label,
    kind,
    sortText: String(index).padStart(4, '0'),
    textEdit: { range, newText: insert },
    ...(detail === undefined ? {} : { detail }),
    documentation: { kind: 'markdown', value: page },
  }));
}

interface Proposal {
  readonly label: string;
  readonly insert?: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  readonly page: string;
}

/** The method of the document that the cursor stands in. */
function methodIn({ document }: Pick<YamlCursor, 'document'>): ForeignMethod | undefined {
  const written = /^merge_method[ \t]*:[ \t]*["']?([\w-]+)/m.exec(document)?.[1];
  return written === undefined ? undefined : foreignMethods.get(written);
}

function isMixture({ document }: YamlCursor): boolean {
  return !/^merge_method[ \t]*:/m.test(document) && /^(?:experts|gate_mode)[ \t]*:/m.test(document);
}

/** Keys whose value starts on the next line. */
const nests: ReadonlySet<string> = new Set([
  'models',
  'slices',
  'modules',
  'sources',
  'parameters',
  'tokenizer',
  'tokens',
  'experts',
  'shared_experts',
]);

function keyProposals(cursor: YamlCursor, catalogue: Catalogue): readonly Proposal[] {
  const place = placeOfKeys(cursor.keys, isMixture(cursor));
  switch (place.kind) {
    case 'map':
      return keysOf[place.map]
        .filter(({ name }) => !cursor.siblings.has(name))
        .map((key) => keyProposal(key));
    case 'parameters': {
      const method = methodIn(cursor);
      if (method === undefined) return [];
      return method.parameters
        .filter(
          ({ name, byModel }) =>
            !cursor.siblings.has(name) && (byModel || place.scope === 'method'),
        )
        .map((parameter) => parameterProposal(method, parameter, catalogue));
    }
    case 'unknown':
      return [];
  }
}

function keyProposal(key: KeyInfo): Proposal {
  return {
    label: key.name,
    insert: nests.has(key.name) ? `${key.name}:` : `${key.name}: `,
    kind: CompletionItemKind.Property,
    detail: key.meaning,
    page: keyPage(key),
  };
}

function parameterProposal(
  method: ForeignMethod,
  foreign: ForeignParameter,
  catalogue: Catalogue,
): Proposal {
  return {
    label: foreign.name,
    insert: `${foreign.name}: `,
    kind: CompletionItemKind.Field,
    detail: detailOf(foreign, oursOf(method, foreign, catalogue)),
    page: foreignParameterPage(method, foreign, catalogue),
  };
}

/** `a number above 0, up to 1 · for each model`. */
function detailOf(
  { as, byModel, isRequired }: ForeignParameter,
  ours: Parameter | undefined,
): string {
  const type =
    as === 'number' ? (ours === undefined ? 'number' : describeType(ours.type)) : 'true or false';
  return [type, ...(byModel ? ['for each model'] : []), ...(isRequired ? ['required'] : [])].join(
    ' · ',
  );
}

function valueProposals(
  cursor: YamlCursor,
  key: string,
  catalogue: Catalogue,
): readonly Proposal[] {
  const place = placeOfKeys(cursor.keys, isMixture(cursor));
  if (place.kind === 'parameters') {
    const parameter = methodIn(cursor)?.parameters.find(({ name }) => name === key);
    return parameter === undefined || parameter.as === 'number'
      ? []
      : words(['true', 'false'], parameter.meaning);
  }
  if (place.kind === 'unknown') return [];
  if (key === 'merge_method') {
    return [...foreignMethods.values()].map((method) => ({
      label: method.name,
      kind: CompletionItemKind.Function,
      detail: catalogue.get(method.ours)?.title ?? 'Layers as they are',
      page: foreignMethodPage(method, catalogue),
    }));
  }
  const info = keyNamed(place.map, key);
  const models = takesModel.has(key) ? modelsIn(cursor) : [];
  const filters =
    key === 'filter' ? ['self_attn', 'mlp', 'layernorm', 'embed_tokens', 'lm_head'] : [];
  return words(
    [...(info?.words ?? []), ...models, ...filters],
    info === undefined ? '' : keyPage(info),
  );
}

const takesModel: ReadonlySet<string> = new Set([
  'base_model',
  'tokenizer_source',
  'source',
  'model',
  'source_model',
]);

/** Models that the document names already. */
function modelsIn({ document }: YamlCursor): readonly string[] {
  const named = document.matchAll(
    /(?:model|base_model|source_model)[ \t]*:[ \t]*["']?([^\s"'#{}]+)/g,
  );
  return [...new Set([...named].map(([, model]) => model!))];
}

function words(labels: readonly string[], page: string): readonly Proposal[] {
  return labels.map((label) => ({ label, kind: CompletionItemKind.Value, page }));
}
