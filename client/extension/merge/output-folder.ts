/** Where a merge goes, asked for and written as the recipe has it. */
import { relative } from 'node:path';
import { Range, Uri, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import type { CheckedFigures } from '../../../engine/protocol/measure.ts';
import { showLine } from '../recipes.ts';

/** Undefined where the user chose none. */
export async function askForFolder(
  document: TextDocument,
  { title, button }: { readonly title: string; readonly button: string },
): Promise<Uri | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title,
      openLabel: button,
      defaultUri:
        document.uri.scheme === 'file' ? folderOf(document) : workspace.workspaceFolders?.[0]?.uri,
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder;
}

export function outputLine(step: string, folder: Uri, document: TextDocument): string {
  return `output ${step} to ${folderText(folder, document)}`;
}

/** Another folder for the recipe's output; of several outputs the user writes it, in the text. */
export async function chooseOutput(
  document: TextDocument,
  { folders }: CheckedFigures,
): Promise<void> {
  const [place] = folders;
  if (place === undefined) return;
  const at = new Range(document.positionAt(place.start), document.positionAt(place.end));
  if (folders.length > 1) return showLine(document, at.start.line + 1);
  const folder = await askForFolder(document, {
    title: 'Where does the output go?',
    button: 'Write This Folder',
  });
  if (folder === undefined) return;
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, at, folderText(folder, document));
  await workspace.applyEdit(edit);
}

/** Relative where it lies beside or below the recipe. */
function folderText(folder: Uri, document: TextDocument): string {
  const short = relative(folderOf(document).fsPath, folder.fsPath).replaceAll('\\', '/');
  const isInside = short !== '' && !short.startsWith('..') && !/^[A-Za-z]:/.test(short);
  return JSON.stringify(isInside ? `./${short}` : folder.fsPath);
}

function folderOf({ uri }: TextDocument): Uri {
  return Uri.joinPath(uri, '..');
}
