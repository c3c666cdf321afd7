/** A first recipe from model folders: an untitled text that merges them, to be read and changed. */
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { firstRecipe } from './first-recipe.ts';

/** From the folders that were chosen, or asked for. */
export async function newRecipeFromFolders(
  clicked: unknown,
  chosen: unknown,
): Promise<string | undefined> {
  const given = Array.isArray(chosen) ? chosen : [clicked];
  const folders = given.filter((one) => one instanceof Uri).map(({ fsPath }) => fsPath);
  const models = await modelsIn(folders.length > 0 ? folders : await askForFolders());
  if (models.length === 0) {
    await window.showInformationMessage(
      'No folder with weights was chosen. Choose folders of models, or one folder that holds them.',
    );
    return undefined;
  }
  const text = firstRecipe(models, recipeFolder(models));
  const document = await workspace.openTextDocument({ language: 'merge', content: text });
  await window.showTextDocument(document);
  return text;
}

async function askForFolders(): Promise<readonly string[]> {
  const chosen = await window.showOpenDialog({
    title: 'Models to merge, the base first',
    openLabel: 'New Recipe',
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: true,
  });
  return (chosen ?? []).map(({ fsPath }) => fsPath);
}

/** Folders that hold weights; of a folder without, the folders below it that do. */
async function modelsIn(folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      if (await holdsWeights(folder)) return [folder];
      const below = await foldersOf(folder);
      const answers = await Promise.all(below.map(holdsWeights));
      return below.filter((_, index) => answers[index]);
    }),
  );
  return [...new Set(found.flat())];
}

async function holdsWeights(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.some((name) => /^(.*\.safetensors|pytorch_model.*\.bin)$/.test(name));
}

async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

/** Relative paths of an untitled recipe start from the window's folder. */
function recipeFolder(models: readonly string[]): string {
  return workspace.workspaceFolders?.[0]?.uri.fsPath ?? dirname(models[0]!);
}
