/** Recipes that use each other, for tests: by their paths, without a file system. */
// eslint-disable-next-line no-restricted-imports -- only tests import this file
import { posix } from 'node:path';
import { parse } from '../syntax/parse.ts';
import type { Recipe } from '../syntax/tree.ts';
import type { Imports, RecipeFile, UseAnswer } from './imports.ts';

/** `self` is the recipe's own path; paths are joined as on disk. */
export function importsOf(
  recipe: Recipe,
  texts: Readonly<Record<string, string>>,
  self = 'recipe.merge',
): Imports {
  const files = new Map<string, RecipeFile>();
  const usesOf = (of: Recipe, from: string): ReadonlyMap<string, UseAnswer> =>
    new Map(
      of.statements.flatMap((statement): [string, UseAnswer][] => {
        if (statement.kind !== 'use' || statement.path === undefined) return [];
        const written = statement.path.value;
        const file = posix.join(posix.dirname(from), written);
        if (file === self || texts[file] !== undefined) return [[written, { kind: 'file', file }]];
        return [[written, { kind: 'fault', message: `There is no file at ${file}.` }]];
      }),
    );
  for (const [path, text] of Object.entries(texts)) {
    const parsed = parse(text);
    const folder = posix.relative(posix.dirname(self), posix.dirname(path));
    files.set(path, { text, ...parsed, folder, uses: usesOf(parsed.recipe, path) });
  }
  return { self, uses: usesOf(recipe, self), files };
}
