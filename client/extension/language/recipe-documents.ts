/** Read-only documents that are made from a recipe by the language server, beside it, and follow its text. */
import {
  commands,
  Disposable,
  EventEmitter,
  Uri,
  ViewColumn,
  window,
  workspace,
  type TextDocumentContentProvider,
} from 'vscode';
import { Disposables } from '../disposables.ts';
import { isRecipe, recipeFor } from '../recipes.ts';
import type { LanguageServer } from './language-server.ts';

const refreshAfterMs = 300;

export interface RecipeDocuments {
  /** Of their URIs. */
  readonly scheme: string;
  /** The command that shows the one of a recipe. */
  readonly command: string;
  /** Named after the recipe; the ending says which language it is. */
  readonly nameOf: (recipe: string) => string;
  /** By the recipe's URI. */
  readonly textOf: (uri: string) => Promise<string>;
}

/** Serves the documents, and the command. */
export function recipeDocuments(
  server: LanguageServer,
  { scheme, command, nameOf, textOf }: RecipeDocuments,
): Disposable {
  const held = new Disposables();
  const changes = held.add(new EventEmitter<Uri>());
  /** Its query is the recipe's URI. */
  const shownUri = (recipe: Uri): Uri => {
    const stem =
      recipe.path
        .split('/')
        .at(-1)
        ?.replace(/\.merge$/, '') ?? 'recipe';
    return Uri.from({ scheme, path: `/${nameOf(stem)}`, query: recipe.toString() });
  };
  const provider: TextDocumentContentProvider = {
    onDidChange: changes.event,
    provideTextDocumentContent: (uri) => textOf(uri.query),
  };
  held.add(workspace.registerTextDocumentContentProvider(scheme, provider));
  held.add(
    commands.registerCommand(command, async (given: unknown) => {
      const recipe = await recipeFor(given);
      if (recipe === undefined) {
        await window.showInformationMessage('Open a recipe (a .merge file) first.');
        return;
      }
      await window.showTextDocument(shownUri(recipe.uri), {
        viewColumn: ViewColumn.Beside,
        preserveFocus: true,
        preview: true,
      });
    }),
  );
  let timer: NodeJS.Timeout | undefined;
  // What a recipe says may change with another one that it uses.
  const refreshSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const { uri } of workspace.textDocuments) if (uri.scheme === scheme) changes.fire(uri);
    }, refreshAfterMs);
  };
  held.add(
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isRecipe(document) && document.uri.scheme !== scheme) refreshSoon();
    }),
  );
  held.add(server.onDidChange((state) => state === 'running' && refreshSoon()));
  held.add(new Disposable(() => clearTimeout(timer)));
  return held;
}
