/** `Paste as Recipe`: mergekit's YAML on the clipboard becomes a recipe at the cursor, or an untitled one. */
import { env, window, workspace } from 'vscode';
import { importYaml } from '../../../grammar/mergekit/import.ts';
import { looksLikeMergekit } from '../../../grammar/mergekit/looks.ts';
import { languageId } from '../recipes.ts';
import { placeIn, tellFindings } from './import-yaml.ts';

/** The text that was pasted, if any was. */
export async function pasteAsRecipe(): Promise<string | undefined> {
  const text = await env.clipboard.readText();
  if (!looksLikeMergekit(text)) {
    await window.showInformationMessage('There is no YAML of mergekit’s on the clipboard.');
    return undefined;
  }
  const { recipe, findings } = importYaml({ text, title: 'merged' });
  if (recipe === undefined) {
    const error = findings.find(({ severity }) => severity === 'error')!;
    await window.showErrorMessage(`${placeIn(text, error)} of the clipboard: ${error.message}`);
    return undefined;
  }
  const editor = window.activeTextEditor;
  if (editor?.document.languageId === languageId) {
    await editor.edit((edit) => edit.replace(editor.selection, recipe.text));
  } else {
    const document = await workspace.openTextDocument({
      language: languageId,
      content: recipe.text,
    });
    await window.showTextDocument(document);
  }
  void tellFindings(findings);
  return recipe.text;
}
