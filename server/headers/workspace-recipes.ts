/** The recipes in the workspace's folders: looked for when somebody asks, kept for a moment, and never more than a few hundred. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRecipeText } from '../../engine/recipe/read-imports.ts';

export interface RecipeText {
  readonly uri: string;
  readonly text: string;
}

const mostRecipes = 500;
const mostFolders = 5000;
const leftOut: ReadonlySet<string> = new Set(['node_modules', 'dist', 'out', 'build', 'venv']);

/** Paths of files that end in `.merge`; hidden folders, links and folders of builds are not entered. */
export async function recipePaths(folders: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  const waiting = [...folders];
  for (let looked = 0; looked < mostFolders && paths.length < mostRecipes; looked += 1) {
    const folder = waiting.shift();
    if (folder === undefined) break;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name.endsWith('.merge')) paths.push(path);
      const isEntered = !entry.name.startsWith('.') && !leftOut.has(entry.name);
      if (entry.isDirectory() && isEntered) waiting.push(path);
    }
  }
  return paths.slice(0, mostRecipes);
}

/** Their texts; what is open in the editor stands as it is there. */
export async function recipeTexts(
  folders: readonly string[],
  open: ReadonlyMap<string, string>,
): Promise<readonly RecipeText[]> {
  const paths = await recipePaths(folders);
  const onDisk = await Promise.all(
    paths.map(async (path): Promise<RecipeText | undefined> => {
      const uri = pathToFileURL(path).href;
      if (open.has(uri)) return undefined;
      const text = await readRecipeText(path);
      return text.ok ? { uri, text: text.value } : undefined;
    }),
  );
  const opened = [...open].map(([uri, text]) => ({ uri, text }));
  return [...opened, ...onDisk.filter((of) => of !== undefined)];
}
