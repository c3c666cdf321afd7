/** A recipe file with its models: read, parsed, checked against real headers. No weights are read. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { check } from '../../grammar/check/check.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import type { Checked, HeaderAnswer, SourceReference } from '../../grammar/check/checked.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import {
  hubSource,
  localSource,
  sourceOfText,
  type CheckpointSource,
} from '../checkpoints/source.ts';
import { FaultError, settle, type Fault, type Result } from '../faults/fault.ts';
import { reading } from '../faults/system-fault.ts';
import { catalogue } from '../methods/catalogue.ts';
import { readImports } from './read-imports.ts';

export interface OpenedRecipe {
  /** Absolute; what relative paths of the recipe start from is its folder. */
  readonly path: string;
  readonly text: string;
  readonly checked: Checked;
  /** The recipes it uses. */
  readonly imports: Imports;
  /** By the source's name in the recipe; sources that could not be opened are missing. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** Why a source could not be opened, by its name. */
  readonly faults: ReadonlyMap<string, Fault>;
}

export interface CheckOptions {
  /** Codes of warnings that are not told. */
  readonly allow?: readonly string[];
}

/** Faults: those of reading the recipe itself. What is wrong in it or with its models is among its findings. */
export function openRecipe(
  path: string,
  options: CheckOptions = {},
): Promise<Result<OpenedRecipe>> {
  return settle(async () => {
    const absolute = resolve(path);
    const text = await settle(() => reading(absolute, () => readFile(absolute, 'utf8')));
    if (!text.ok)
      throw new FaultError({
        ...text.fault,
        help: 'Name a recipe that is there and that this user may read.',
      });
    return checkRecipe(text.value, absolute, options);
  });
}

/** Checks a text as if it were the file at that path. */
export async function checkRecipe(
  text: string,
  path: string,
  { allow = [] }: CheckOptions = {},
): Promise<OpenedRecipe> {
  const { recipe, diagnostics } = parse(text);
  const imports = await readImports(recipe, path);
  const checkpoints = new Map<string, Checkpoint>();
  const faults = new Map<string, Fault>();
  const headers = new Map<string, HeaderAnswer>();
  const opened = new Map<string, Promise<Result<Checkpoint>>>();
  for (const { name, kind, reference, isPlain } of sourcesOf(recipe, imports)) {
    if (kind !== 'model') continue;
    const source = sourceAt(reference, { folder: dirname(path), isPlain });
    const key = JSON.stringify(source);
    const opening = opened.get(key) ?? openCheckpoint(source);
    opened.set(key, opening);
    const result = await opening;
    if (result.ok) {
      checkpoints.set(name, result.value);
      headers.set(name, { kind: 'signature', signature: result.value.signature });
    } else {
      const { fault } = result;
      faults.set(name, fault);
      headers.set(name, {
        kind: 'fault',
        code: fault.code,
        message: `${fault.message} ${fault.help}`,
      });
    }
  }
  return {
    path,
    text,
    imports,
    checked: check({
      text,
      recipe,
      diagnostics,
      catalogue,
      headers,
      imports,
      allow: new Set(allow),
    }),
    checkpoints,
    faults,
  };
}

/** A plain text that could be a folder's name as well as an id is ambiguous where that folder is; `hub(…)` never is. */
export function sourceAt(
  reference: SourceReference,
  { folder, isPlain }: { readonly folder: string; readonly isPlain: boolean },
): CheckpointSource {
  switch (reference.kind) {
    case 'path':
      return localSource(reference.path, folder);
    case 'hub':
      return isPlain
        ? sourceOfText(reference.id, folder)
        : hubSource(reference.id, reference.revision);
  }
}
