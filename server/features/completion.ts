/** Completion: what the grammar allows at the cursor, chosen by type; documentation comes when a line is looked at. */
import {
  type CompletionItem,
  CompletionRequest,
  CompletionResolveRequest,
  type CompletionList,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import type { Catalogue } from '../../grammar/catalogue.ts';
import { measures } from '../../grammar/check/measures.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { cursorAt, isInComment, textCursor } from '../completion/cursor.ts';
import { fitting, surroundingsOf } from '../completion/fitting.ts';
import { proposalsAt } from '../completion/propose.ts';
import { textProposalsAt } from '../completion/propose-texts.ts';
import { type About, plainText, type Proposal } from '../completion/proposal.ts';
import type { Surroundings } from '../completion/surroundings.ts';
import { measurePage } from '../describe/measure-text.ts';
import { methodPage, parameterPage } from '../describe/method-text.ts';
import { partMeaning } from '../describe/place-text.ts';
import {
  functionPages,
  settingPages,
  statementPages,
  wordPage,
  type WordPage,
} from '../describe/words.ts';
import { namePage } from '../describe/name-page.ts';
import { type Desk, type Feature, guarded, staleness } from './feature.ts';

/** What a list item carries until it is looked at. */
interface ItemData {
  readonly uri: string;
  readonly about: About;
}

export interface CompletionOptions {
  /** Whether the editor lets the author fill in what a proposal leaves open. */
  readonly snippets: boolean;
  readonly surroundings: Surroundings;
  /** The editor's command that opens the list anew, for what goes on inside a proposal. */
  readonly suggestCommand?: string;
}

export async function completionAt(
  analysis: Analysis,
  offset: number,
  { snippets, surroundings, suggestCommand }: CompletionOptions,
): Promise<readonly CompletionItem[]> {
  if (isInComment(analysis, offset)) return [];
  const inText = textCursor(analysis, offset);
  if (inText !== undefined) {
    const proposals = await textProposalsAt(inText, surroundings);
    const range = rangeOf(analysis, inText.inside);
    return sorted(proposals).map((of, place) =>
      itemOf(of, { analysis, range, place, snippets: false }),
    );
  }
  const cursor = cursorAt(analysis, offset);
  const range = rangeOf(analysis, cursor.word);
  const around = surroundingsOf(analysis, cursor.word);
  const proposals = proposalsAt(cursor).flatMap((of) => fitting(of, around) ?? []);
  return sorted(proposals).map((of, place) =>
    itemOf(of, {
      analysis,
      range,
      place,
      snippets,
      ...(suggestCommand === undefined ? {} : { suggestCommand }),
    }),
  );
}

function sorted(proposals: readonly Proposal[]): readonly Proposal[] {
  return proposals.toSorted((one, other) => one.rank - other.rank);
}

interface ItemContext {
  readonly analysis: Analysis;
  readonly range: Range;
  readonly place: number;
  readonly snippets: boolean;
  readonly suggestCommand?: string;
}

function itemOf(
  proposal: Proposal,
  { analysis, range, place, snippets, suggestCommand }: ItemContext,
): CompletionItem {
  const { label, snippet, icon, detail, about, goesOn } = proposal;
  const isSnippet = snippets && snippet !== undefined && snippet.includes('$');
  const newText = snippet === undefined ? label : isSnippet ? snippet : plainText(snippet);
  const data: ItemData | undefined = about && { uri: analysis.uri, about };
  return {
    label,
    kind: icon,
    sortText: String(place).padStart(4, '0'),
    textEdit: { range, newText },
    ...(isSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(data === undefined ? {} : { data }),
    ...(goesOn === true && isSnippet && suggestCommand !== undefined
      ? { command: { title: 'Suggest', command: suggestCommand } }
      : {}),
  };
}

/** The documentation of a proposal. */
export function documentationOf(
  about: About,
  catalogue: Catalogue,
  analysis: Analysis | undefined,
): string | undefined {
  switch (about.kind) {
    case 'method': {
      const method = catalogue.get(about.name);
      return method && methodPage(method);
    }
    case 'parameter': {
      const method = catalogue.get(about.method);
      const parameter = method && parameterNamed(method, about.name);
      return parameter && parameterPage(parameter);
    }
    case 'measure': {
      const measure = measures.get(about.name);
      return measure && measurePage(measure);
    }
    case 'function':
      return pageOf(functionPages.get(about.name));
    case 'setting':
      return pageOf(settingPages.get(about.name));
    case 'statement':
      return pageOf(statementPages[about.name as keyof typeof statementPages]);
    case 'part':
      return partMeaning(about.name);
    case 'name':
      return analysis && namePage(analysis, about.name);
    default:
      return about satisfies never;
  }
}

const pageOf = (page: WordPage | undefined): string | undefined => page && wordPage(page);

export const completion: Feature = {
  name: 'completion',
  about:
    'What the grammar allows at the cursor, chosen by type: methods as snippets, parameters, models, names of used recipes, tensor names, paths, cached hub ids; nothing that would be a syntax error.',
  methods: [CompletionRequest.method, CompletionResolveRequest.method],
  capabilities: () => ({
    completionProvider: {
      // What opens a place where something can be named; a space stands behind commas, colons and words.
      triggerCharacters: ['(', '[', '{', ',', ':', '=', '.', '"', '/', '&', ' '],
      resolveProvider: true,
    },
  }),
  attach: (connection, desk) => {
    connection.onRequest(CompletionRequest.type, (params, token) => {
      const empty: CompletionList = { isIncomplete: false, items: [] };
      const { uri } = params.textDocument;
      const isStale = staleness(desk, uri);
      return guarded(connection, { name: 'completion', empty, token, isStale }, async () => {
        const analysis = desk.analysisOf(uri);
        if (analysis === undefined) return empty;
        const items = await completionAt(analysis, offsetAt(analysis, params.position), {
          snippets: snippetsIn(desk),
          surroundings: desk.surroundingsOf(uri),
          ...suggestCommandOf(desk),
        });
        return { isIncomplete: false, items: [...items] };
      });
    });
    connection.onRequest(CompletionResolveRequest.type, (item, token) =>
      guarded(connection, { name: 'completion', empty: item, token }, () => resolved(item, desk)),
    );
  },
};

function snippetsIn(desk: Desk): boolean {
  return desk.client().textDocument?.completion?.completionItem?.snippetSupport === true;
}

function suggestCommandOf(desk: Desk): Pick<CompletionOptions, 'suggestCommand'> {
  const { suggestCommand } = desk.options();
  return suggestCommand === undefined ? {} : { suggestCommand };
}

function resolved(item: CompletionItem, desk: Desk): CompletionItem {
  const data = item.data as ItemData | undefined;
  if (data === undefined) return item;
  const analysis = desk.analysisOf(data.uri);
  const value = analysis && documentationOf(data.about, analysis.catalogue, analysis);
  return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
}
