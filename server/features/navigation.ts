/** Definition, references and highlights of declared names: every mention, keys and settings among them. */
import {
  DefinitionRequest,
  type Definition,
  type DefinitionLink,
  type DocumentHighlight,
  DocumentHighlightKind,
  DocumentHighlightRequest,
  type Location,
  ReferencesRequest,
} from 'vscode-languageserver';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import {
  type Mention,
  mentionAt,
  mentionsOf,
  mentionsOfName,
  type NameMention,
} from '../analysis/mentions.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';

export interface DefinitionFound {
  /** The word it was asked of. */
  readonly origin: Span;
  readonly name: Span;
  readonly statement: Span;
}

export function definitionAt(analysis: Analysis, offset: number): DefinitionFound | undefined {
  const mention = mentionAt(analysis, offset);
  const name =
    mention?.kind === 'name' ? mention.name : mention?.kind === 'metric' ? mention.of : '';
  const declared = mentionsOf(analysis).declared.get(name);
  if (mention === undefined || declared === undefined) return undefined;
  return { origin: mention, name: declared.name, statement: declared.statement };
}

export function referencesAt(
  analysis: Analysis,
  offset: number,
  { withDeclaration }: { readonly withDeclaration: boolean },
): readonly NameMention[] {
  const mention = mentionAt(analysis, offset);
  if (mention?.kind !== 'name') return [];
  return mentionsOfName(analysis, mention.name).filter(
    ({ role }) => withDeclaration || role !== 'declaration',
  );
}

/** Mentions of the same name, or of the same method, parameter or part. */
export function highlightsAt(analysis: Analysis, offset: number): readonly Mention[] {
  const mention = mentionAt(analysis, offset);
  if (mention === undefined) return [];
  return mentionsOf(analysis).all.filter((other) => isAlike(mention, other));
}

function isAlike(one: Mention, other: Mention): boolean {
  if (one.kind !== other.kind) return false;
  switch (one.kind) {
    case 'name':
      return one.name === (other as typeof one).name;
    case 'method':
      return one.method === (other as typeof one).method;
    case 'measure':
      return one.measure === (other as typeof one).measure;
    case 'function':
    case 'setting':
    case 'type':
      return one.name === (other as typeof one).name;
    case 'parameter':
      return one.parameter.name === (other as typeof one).parameter.name;
    case 'option':
    case 'metric':
      return one.name === (other as typeof one).name && one.of === (other as typeof one).of;
    case 'word':
    case 'part':
      return one.word === (other as typeof one).word;
    case 'pattern':
    case 'unknown':
      return one.text === (other as typeof one).text;
    default:
      return one satisfies never;
  }
}

export const definition = documentFeature({
  name: 'definition',
  capabilities: { definitionProvider: true },
  request: DefinitionRequest.type,
  reads: 'text',
  empty: null as Definition | DefinitionLink[] | null,
  answer: (analysis, { position }, desk) => {
    const found = definitionAt(analysis, offsetAt(analysis, position));
    if (found === undefined) return null;
    const targetRange = rangeOf(analysis, found.statement);
    const targetSelectionRange = rangeOf(analysis, found.name);
    const { uri } = analysis;
    if (desk.client().textDocument?.definition?.linkSupport !== true) {
      return { uri, range: targetSelectionRange };
    }
    const originSelectionRange = rangeOf(analysis, found.origin);
    return [{ targetUri: uri, targetRange, targetSelectionRange, originSelectionRange }];
  },
});

export const references = documentFeature({
  name: 'references',
  capabilities: { referencesProvider: true },
  request: ReferencesRequest.type,
  reads: 'text',
  empty: null as Location[] | null,
  answer: (analysis, { position, context }) =>
    referencesAt(analysis, offsetAt(analysis, position), {
      withDeclaration: context.includeDeclaration,
    }).map((mention) => ({ uri: analysis.uri, range: rangeOf(analysis, mention) })),
});

export const highlights = documentFeature({
  name: 'highlights',
  capabilities: { documentHighlightProvider: true },
  request: DocumentHighlightRequest.type,
  reads: 'text',
  empty: null as DocumentHighlight[] | null,
  answer: (analysis, { position }) =>
    highlightsAt(analysis, offsetAt(analysis, position)).map((mention) => ({
      range: rangeOf(analysis, mention),
      kind: kindOf(mention),
    })),
});

function kindOf(mention: Mention): DocumentHighlightKind {
  if (mention.kind !== 'name') return DocumentHighlightKind.Text;
  return mention.role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read;
}
