/** Declarations of every recipe in the workspace, by what their names hold. Nothing is read before somebody asks. */
import { type SymbolInformation, WorkspaceSymbolRequest } from 'vscode-languageserver';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf } from '../analysis/positions.ts';
import { outlineOf } from './document-symbols.ts';
import { type Feature, guarded } from './feature.ts';

const mostSymbols = 500;

/** Whether the letters of a query stand in a name in their order, as editors match. */
export function isMatch(name: string, query: string): boolean {
  const letters = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

export function symbolsOf(
  analysis: Pick<Analysis, 'uri' | 'text' | 'recipe' | 'lines'>,
  query: string,
): readonly SymbolInformation[] {
  return outlineOf(analysis).flatMap(({ name, kind, selection, detail }) =>
    isMatch(name, query)
      ? [
          {
            name,
            kind,
            containerName: detail,
            location: { uri: analysis.uri, range: rangeOf(analysis, selection) },
          },
        ]
      : [],
  );
}

export const workspaceSymbols: Feature = {
  name: 'workspace symbols',
  about: 'Declarations of all recipes in the workspace, found by letters of their names.',
  methods: [WorkspaceSymbolRequest.method],
  capabilities: () => ({ workspaceSymbolProvider: true }),
  attach: (connection, desk) => {
    connection.onRequest(WorkspaceSymbolRequest.type, ({ query }, token) =>
      guarded(connection, { name: 'workspace symbols', empty: [], token }, async () => {
        const recipes = await desk.recipesOfWorkspace();
        const found: SymbolInformation[] = [];
        for (const { uri, text } of recipes) {
          if (token.isCancellationRequested || found.length >= mostSymbols) break;
          const { recipe } = parse(text);
          found.push(...symbolsOf({ uri, text, recipe, lines: lineMap(text) }, query));
        }
        return found.slice(0, mostSymbols);
      }),
    );
  },
};
