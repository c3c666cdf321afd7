/** The models a recipe refers to, as places on this machine. */
import {
  type CheckpointSource,
  hubSource,
  localSource,
  sourceOfText,
} from '../../engine/checkpoints/source.ts';
import { type SourceMention, sourcesOf } from '../../grammar/check/sources.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';

/** By name. `folder` is where relative paths start; without one only absolute paths and hub ids lead anywhere. */
export function modelSources(
  recipe: Recipe,
  text: string,
  folder: string | undefined,
): ReadonlyMap<string, CheckpointSource> {
  const sources = new Map<string, CheckpointSource>();
  for (const mention of sourcesOf(recipe)) {
    if (mention.kind !== 'model') continue;
    const source = sourceOf(mention, text, folder);
    if (source !== undefined) sources.set(mention.name, source);
  }
  return sources;
}

const startsAnywhere = /^([/~\\]|[A-Za-z]:[\\/])/;

function sourceOf(
  { reference, span }: SourceMention,
  text: string,
  folder: string | undefined,
): CheckpointSource | undefined {
  switch (reference.kind) {
    case 'path':
      if (folder !== undefined) return localSource(reference.path, folder);
      return startsAnywhere.test(reference.path) ? localSource(reference.path, '/') : undefined;
    case 'hub': {
      // A plain text may also be the name of a folder beside the recipe, and is ambiguous then.
      const isPlain = text[span.start] === '"';
      return isPlain && folder !== undefined
        ? sourceOfText(reference.id, folder)
        : hubSource(reference.id, reference.revision);
    }
    default:
      return reference satisfies never;
  }
}
