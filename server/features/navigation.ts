/** Definition, references and highlights of declared names: every mention, keys and settings among them. */
import { pathToFileURL } from 'node:url';
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
import { lineMap } from '../../grammar/syntax/lines.ts';
import { type Span, touches } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { importedIn } from '../analysis/imported-names.ts';
import { type Mention, mentionAt, mentionsOf, type NameMention } from '../analysis/mentions.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { mentionsOfTarget, nameAt, type Target } from '../analysis/targets.ts';
import type { RecipesAround } from '../headers/recipes-around.ts';
import { type Desk, documentFeature } from './feature.ts';

export interface DefinitionFound {
  /** The word it was asked of. */
  readonly origin: Span;
  readonly name: Span;
  readonly statement: Span;
  /** The recipe it leads to, where it is another one. */
  readonly file?: { readonly path: string; readonly text: string };
}

export function definitionAt(analysis: Analysis, offset: number): DefinitionFound | undefined {
  const mention = mentionAt(analysis, offset);
  if (mention === undefined) return usedRecipeAt(analysis, offset);
  const name = mention.kind === 'name' ? mention.name : mention.kind === 'metric' ? mention.of : '';
  const declared = mentionsOf(analysis).declared.get(name);
  if (declared !== undefined) {
    return { origin: mention, name: declared.name, statement: declared.statement };
  }
  const imported = importedIn(analysis).get(name);
  if (imported === undefined) return undefined;
  const { span, statement, path, file } = imported;
  return { origin: mention, name: span, statement, file: { path, text: file.text } };
}

/** The path of a `use` leads to the beginning of that recipe. */
function usedRecipeAt(analysis: Analysis, offset: number): DefinitionFound | undefined {
  const { recipe, imports } = analysis;
  for (const statement of recipe.statements) {
    if (statement.kind !== 'use' || statement.path === undefined) continue;
    if (!touches(statement.path, offset)) continue;
    const answer = imports?.uses.get(statement.path.value);
    const file = answer?.kind === 'file' ? imports?.files.get(answer.file) : undefined;
    if (answer?.kind !== 'file' || file === undefined) return undefined;
    const head = { start: 0, end: 0 };
    const there = { path: answer.file, text: file.text };
    return { origin: statement.path, name: head, statement: head, file: there };
  }
  return undefined;
}

/** Where a name stands in one recipe. */
export function referencesIn(
  analysis: Analysis,
  target: Target,
  { withDeclaration }: { readonly withDeclaration: boolean },
): readonly NameMention[] {
  return mentionsOfTarget(analysis, target).filter(
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
  about:
    'Leads from a name to its declaration, in whichever recipe it stands, and from the path of a `use` to its file.',
  capabilities: { definitionProvider: true },
  request: DefinitionRequest.type,
  reads: 'text',
  empty: null as Definition | DefinitionLink[] | null,
  answer: (analysis, { position }, desk) => {
    const found = definitionAt(analysis, offsetAt(analysis, position));
    if (found === undefined) return null;
    const { file } = found;
    const there = file === undefined ? analysis : { lines: lineMap(file.text) };
    const targetRange = rangeOf(there, found.statement);
    const targetSelectionRange = rangeOf(there, found.name);
    const uri = file === undefined ? analysis.uri : pathToFileURL(file.path).href;
    if (desk.client().textDocument?.definition?.linkSupport !== true) {
      return { uri, range: targetSelectionRange };
    }
    const originSelectionRange = rangeOf(analysis, found.origin);
    return [{ targetUri: uri, targetRange, targetSelectionRange, originSelectionRange }];
  },
});

/** Every recipe in which a name may stand; a text that is no file is used by no other. */
export async function recipesNaming(
  analysis: Analysis,
  { home }: Target,
  desk: Pick<Desk, 'recipesAround'>,
): Promise<RecipesAround> {
  if (home === analysis.uri) return { analyses: [analysis], faults: [] };
  return desk.recipesAround(home);
}

export const references = documentFeature({
  name: 'references',
  about:
    'Every mention of a declared name, in every recipe that brings it in: uses, keys of maps, `weight.math`.',
  capabilities: { referencesProvider: true },
  request: ReferencesRequest.type,
  reads: 'text',
  empty: null as Location[] | null,
  answer: async (analysis, { position, context: { includeDeclaration } }, desk) => {
    const found = nameAt(analysis, offsetAt(analysis, position));
    if (found === undefined) return [];
    const { analyses } = await recipesNaming(analysis, found.target, desk);
    return analyses.flatMap((of) =>
      referencesIn(of, found.target, { withDeclaration: includeDeclaration }).map((mention) => ({
        uri: of.uri,
        range: rangeOf(of, mention),
      })),
    );
  },
});

export const highlights = documentFeature({
  name: 'highlights',
  about: 'Marks what is alike: a name, a method, a parameter, a part.',
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
