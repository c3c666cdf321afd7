/** A first recipe from model folders: an untitled text that merges them, to be read and changed. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { RESERVED_WORDS } from '../../grammar/syntax/tokens.ts';

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
      'No folder with safetensors was chosen. Choose folders of models, or one folder that holds them.',
    );
    return undefined;
  }
  const text = recipeText(models, recipeFolder(models));
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
  return names.some((name) => name.endsWith('.safetensors'));
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

/** One folder called base is the base; else the first is. */
export function recipeText(models: readonly string[], folder: string): string {
  const base = models.find((model) => /base/i.test(basename(model))) ?? models[0]!;
  const ordered = [base, ...models.filter((model) => model !== base)];
  const names = namesOf(ordered);
  const lines = ordered.map(
    (model, index) => `model ${names[index]!} = ${JSON.stringify(pathText(model, folder))}`,
  );
  const [first, ...experts] = names;
  const merge =
    experts.length === 0
      ? `merge merged = ${first}`
      : `merge merged = ties(${first}, [${experts.join(', ')}], density: 50%)`;
  return `${lines.join('\n')}\n\n${merge}\n\noutput merged to "./out/merged"\n`;
}

function pathText(model: string, folder: string): string {
  const short = relative(folder, model).replaceAll('\\', '/');
  return short.startsWith('..') || /^[A-Za-z]:/.test(short) ? model : `./${short}`;
}

/** Names that the language takes, each its own. */
function namesOf(models: readonly string[]): readonly string[] {
  const taken = new Set<string>([...RESERVED_WORDS, 'merged']);
  return models.map((model) => {
    const plain = basename(model).replace(/[^A-Za-z0-9_]+/g, '_');
    const name = /^[A-Za-z_]/.test(plain) ? plain : `m${plain}`;
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}
