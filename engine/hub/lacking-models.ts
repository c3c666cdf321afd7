import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { sourcesOf } from '../../grammar/check/sources.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { FaultError } from '../faults/fault.ts';
import { fetchableCodes } from '../faults/hub-faults.ts';
import { malformedHubId } from '../faults/malformed-hub-id.ts';
import { reading } from '../faults/system-fault.ts';
import { sourceAt } from '../recipe/open-recipe.ts';
import { readImports } from '../recipe/read-imports.ts';
import type { Environment } from './environment.ts';
import { defaultRevision, writtenReference } from './repository.ts';
import type { HubReference } from './repository.ts';

export interface RecipeText {
  /** Where relative paths start: the folder of this file. */
  readonly path: string;
  readonly text: string;
}

/** Reads a recipe's text. Throws the faults of reading it. */
export async function readRecipeText(path: string): Promise<RecipeText> {
  const absolute = resolve(path);
  return { path: absolute, text: await reading(absolute, () => readFile(absolute, 'utf8')) };
}

/**
 * The hub's models and adapters that a recipe, or one that it uses, names and that are not whole in the cache, each once.
 * The hub is not asked. Throws MW4550 for a text that is no id.
 */
export async function lackingModels(
  { path, text }: RecipeText,
  env: Environment,
): Promise<readonly HubReference[]> {
  const { recipe } = parse(text);
  const imports = await readImports(recipe, path);
  const lacking = new Map<string, HubReference>();
  for (const { kind, reference, isPlain } of sourcesOf(recipe, imports)) {
    if (kind === 'stats' || reference.kind !== 'hub') continue;
    const source = sourceAt(reference, { folder: dirname(path), isPlain, kind });
    if (source.kind !== 'hub') continue;
    const wanted = { id: source.id, revision: source.revision ?? defaultRevision };
    const key = writtenReference(wanted);
    if (lacking.has(key)) continue;
    const opened = await openCheckpoint(source, { env });
    if (opened.ok) continue;
    const { fault } = opened;
    if (fault.code === malformedHubId.code) throw new FaultError(fault);
    if (fetchableCodes.includes(fault.code)) lacking.set(key, wanted);
  }
  return [...lacking.values()];
}
