/** The models and adapters a recipe refers to, as places on this machine. */
import type { CheckpointSource } from '../../engine/checkpoints/source.ts';
import { sourceAt } from '../../engine/recipe/open-recipe.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import { type SourceMention, sourcesOf } from '../../grammar/check/sources.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';

/**
 * By name. `folder` is where relative paths start; without one only absolute paths and hub ids lead anywhere, and the others
 * are undefined.
 */
export function modelSources(
  recipe: Pick<Recipe, 'statements'>,
  folder: string | undefined,
  imports?: Imports,
): ReadonlyMap<string, CheckpointSource | undefined> {
  const models = sourcesOf(recipe, imports).filter(({ kind }) => kind !== 'stats');
  return new Map(models.map((mention) => [mention.name, sourceOf(mention, folder)]));
}

const startsAnywhere = /^([/~\\]|[A-Za-z]:[\\/])/;

function sourceOf(
  { reference, isPlain, kind }: SourceMention,
  folder: string | undefined,
): CheckpointSource | undefined {
  if (folder !== undefined) return sourceAt(reference, { folder, isPlain, kind });
  const isRelative = reference.kind === 'path' && !startsAnywhere.test(reference.path);
  return isRelative ? undefined : sourceAt(reference, { folder: '/', isPlain: false, kind });
}
