/** Recipes as they stand in their editors. */
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { Uri, window, workspace, type TextDocument } from 'vscode';
import type { LensArgument } from '../../server/protocol.ts';

export const languageId = 'merge';

/** A buffer, as the engine's processes take it. */
export interface RecipeBuffer {
  readonly uri: string;
  readonly path: string;
  readonly name: string;
  readonly text: string;
  readonly textVersion: number;
}

export function isRecipe(document: TextDocument): boolean {
  return document.languageId === languageId;
}

export function bufferOf(document: TextDocument): RecipeBuffer {
  const path = pathOf(document.uri);
  return {
    uri: document.uri.toString(),
    path,
    name: basename(path),
    text: document.getText(),
    textVersion: document.version,
  };
}

/** Relative paths start from the file's folder; those of an untitled text from the first folder of the window. */
function pathOf(uri: Uri): string {
  if (uri.scheme === 'file') return uri.fsPath;
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  return join(folder, basename(uri.path) || 'untitled.merge');
}

/** The recipe that a command means: the one it was given, else the active editor's. */
export async function recipeFor(given: unknown): Promise<TextDocument | undefined> {
  if (given instanceof Uri) return workspace.openTextDocument(given);
  if (isLensArgument(given)) return workspace.openTextDocument(Uri.parse(given.uri));
  const active = window.activeTextEditor?.document;
  if (active !== undefined && isRecipe(active)) return active;
  return window.visibleTextEditors.map(({ document }) => document).find(isRecipe);
}

/** The step that a code lens means, where it means one. */
export function stepFor(given: unknown): string | undefined {
  return isLensArgument(given) ? given.step : undefined;
}

function isLensArgument(given: unknown): given is LensArgument {
  return typeof given === 'object' && given !== null && 'uri' in given && !(given instanceof Uri)
    ? typeof given.uri === 'string'
    : false;
}

/** Puts the cursor on a line (from 1) and shows it, in the editor that has the recipe. */
export async function showLine(document: TextDocument, line: number): Promise<void> {
  const open = window.visibleTextEditors.find((editor) => editor.document === document);
  const at = Math.min(Math.max(line - 1, 0), document.lineCount - 1);
  const { firstNonWhitespaceCharacterIndex: column } = document.lineAt(at);
  const selection = document.validateRange(document.lineAt(at).range).with({
    start: document.lineAt(at).range.start.translate(0, column),
  });
  await window.showTextDocument(document, {
    selection,
    ...(open?.viewColumn === undefined ? {} : { viewColumn: open.viewColumn }),
  });
}
