/** From the wish to merge to a run: the text is checked as it stands, and what is missing is asked for. */
import { commands, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import type { RecipeSession } from '../panel/recipe-session.ts';
import { bufferOf, showLine, type RecipeBuffer } from '../recipes.ts';
import type { Planned } from '../measure/measurer.ts';
import type { Merges } from './merges.ts';
import { askForFolder, outputLine } from './output-folder.ts';

export type WishMerge = (
  session: RecipeSession,
  options: { readonly overwrite: boolean },
) => Promise<void>;

export function wishingMerges(merges: Merges): WishMerge {
  return async (session, { overwrite }) => {
    if (!workspace.isTrusted) return askForTrust();
    const { document } = session;
    const planned = await session.plan();
    if (planned === undefined) return;
    if (planned.checked.errors.length > 0) return refuse(document, planned.checked.errors);
    const recipe =
      planned.checked.outputs > 0 ? bufferOf(document) : await withOutput(document, planned);
    if (recipe === undefined) return;
    await merges.start({ recipe, overwrite });
  };
}

export async function askForTrust(): Promise<void> {
  const manage = 'Manage Trust';
  const chosen = await window.showInformationMessage(
    'Mergewright measures and merges only in a folder that you trust.',
    manage,
  );
  if (chosen === manage) await commands.executeCommand('workbench.trust.manage');
}

async function refuse(
  document: TextDocument,
  errors: readonly { readonly message: string; readonly line: number }[],
): Promise<void> {
  const [first] = errors;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const show = 'Show';
  const chosen = await window.showErrorMessage(
    `Line ${first!.line}: ${first!.message}${more} Nothing was merged.`,
    show,
  );
  if (chosen === show) await showLine(document, first!.line);
}

/** Asks where the merge goes, and offers the line that says it. */
async function withOutput(
  document: TextDocument,
  { checked }: Planned,
): Promise<RecipeBuffer | undefined> {
  const step = checked.steps.at(-1);
  if (step === undefined) {
    await window.showErrorMessage('The recipe has no merge yet: nothing to run.');
    return undefined;
  }
  const folder = await askForFolder(document, {
    title: `Where does ${step.name} go?`,
    button: 'Merge Into This Folder',
  });
  if (folder === undefined) return undefined;
  const line = outputLine(step.name, folder, document);
  const write = 'Write the Line and Merge';
  const once = 'Merge Only Once';
  const chosen = await window.showInformationMessage(
    `The recipe has no output. Write ${line} at its end?`,
    write,
    once,
  );
  if (chosen === undefined) return undefined;
  const end = document.getText().endsWith('\n') ? '' : '\n';
  if (chosen === write) {
    const edit = new WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().length), `${end}\n${line}\n`);
    await workspace.applyEdit(edit);
    return bufferOf(document);
  }
  const buffer = bufferOf(document);
  return { ...buffer, text: `${buffer.text}${end}\n${line}\n` };
}
