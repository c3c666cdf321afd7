/** The recipe at a path and every recipe that uses it, as far as the session and the workspace know of them. */
import { dirname } from 'node:path';
import { absolutePath } from '../../engine/checkpoints/source.ts';
import type { Fault, Result } from '../../engine/faults/fault.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { pathOfUri } from '../paths.ts';
import type { RecipeText } from './workspace-recipes.ts';

export interface RecipesAround {
  /** The recipe itself first. */
  readonly analyses: readonly Analysis[];
  /** Why others can't be read. */
  readonly faults: readonly Fault[];
}

export interface Known {
  /** Open recipes and those of the workspace. */
  readonly recipes: readonly RecipeText[];
  /** What open recipes use, wherever it lies. */
  readonly imports: readonly Imports[];
  readonly recipeAt: (path: string) => Promise<Result<Analysis>>;
}

/** Names are not handed on by a recipe that uses them itself: whoever does not name the path does not know its names. */
export async function recipesAround(
  path: string,
  { recipes, imports, recipeAt }: Known,
): Promise<RecipesAround> {
  const texts = new Map<string, string>();
  for (const { files } of imports) for (const [file, { text }] of files) texts.set(file, text);
  for (const { uri, text } of recipes) {
    const file = pathOfUri(uri);
    if (file !== undefined) texts.set(file, text);
  }
  const users = [...texts].filter(([file, text]) => file !== path && uses(text, file, path));
  const found = await Promise.all([path, ...users.map(([file]) => file)].map(recipeAt));
  return {
    analyses: found.flatMap((one) => (one.ok ? [one.value] : [])),
    faults: found.flatMap((one) => (one.ok ? [] : [one.fault])),
  };
}

function uses(text: string, from: string, path: string): boolean {
  if (!/\buse\b/.test(text)) return false;
  return parse(text).recipe.statements.some(
    (statement) =>
      statement.kind === 'use' &&
      statement.path !== undefined &&
      absolutePath(statement.path.value, dirname(from)) === path,
  );
}
