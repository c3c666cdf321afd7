/** A recipe file with its models: read, parsed, checked against real headers. No weights are read. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { check } from '../../grammar/check/check.ts';
import { sourcesOf, type SourceMention } from '../../grammar/check/sources.ts';
import type { Checked, HeaderAnswer, SourceReference } from '../../grammar/check/checked.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { headerAnswer } from '../checkpoints/header-answer.ts';
import { layOn } from '../adapters/lay-on.ts';
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
import { besides, type Besides } from '../vocabulary/beside.ts';
import { bringModels } from '../vocabulary/bring-models.ts';
import type { TargetVocabulary } from '../vocabulary/target.ts';
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
  /** What stands beside outputs that have a tokenizer or a template of their own, by their places in the recipe. */
  readonly besides: Besides;
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
  const opened = new Map<string, Checkpoint>();
  const faults = new Map<string, Fault>();
  const headers = new Map<string, HeaderAnswer>();
  const openings = new Map<string, Promise<Result<Checkpoint>>>();
  const openingOf = (source: CheckpointSource): Promise<Result<Checkpoint>> => {
    const key = JSON.stringify(source);
    const opening = openings.get(key) ?? openCheckpoint(source);
    openings.set(key, opening);
    return opening;
  };
  const models = sourcesOf(recipe, imports).filter(({ kind }) => kind !== 'stats');
  const results = await Promise.all(
    models.map(({ kind, reference, isPlain }) =>
      openingOf(sourceAt(reference, { folder: dirname(path), isPlain, kind })),
    ),
  );
  for (const [index, { name }] of models.entries()) {
    const result = results[index]!;
    if (result.ok) {
      opened.set(name, result.value);
      headers.set(name, headerAnswer(result.value));
    } else {
      const { fault } = result;
      faults.set(name, fault);
      headers.set(name, faultAnswer(fault));
    }
  }
  const input = { text, recipe, diagnostics, catalogue, imports, allow: new Set(allow) };
  const checked = check({ ...input, headers });
  const brought = await broughtModels(checked, opened);
  if (brought === undefined) {
    const beside = await besides(checked, { checkpoints: opened, recipe: path, target: undefined });
    const checkpoints = withAdapters(checked, opened);
    return { path, text, imports, checked, checkpoints, besides: beside, faults };
  }
  for (const [name, answer] of brought.headers) headers.set(name, answer);
  for (const [name, fault] of brought.faults) faults.set(name, fault);
  const again = check({ ...input, headers });
  const { checkpoints, target } = brought;
  const beside = await besides(again, { checkpoints, recipe: path, target });
  return {
    ...{ path, text, imports, checked: again, besides: beside, faults },
    checkpoints: withAdapters(again, checkpoints),
  };
}

interface BroughtModels {
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  readonly target: TargetVocabulary | undefined;
  /** What the check is told of them now. */
  readonly headers: ReadonlyMap<string, HeaderAnswer>;
  readonly faults: ReadonlyMap<string, Fault>;
}

/** Undefined where no output asks for a vocabulary, or not all models are there. */
async function broughtModels(
  checked: Checked,
  opened: ReadonlyMap<string, Checkpoint>,
): Promise<BroughtModels | undefined> {
  const bringing = await bringModels(checked, opened);
  if (bringing === undefined) return undefined;
  if (bringing.kind === 'fault') {
    const { source, fault } = bringing;
    const headers = new Map([[source, faultAnswer(fault)]]);
    return { checkpoints: opened, target: undefined, headers, faults: new Map([[source, fault]]) };
  }
  const { checkpoints, target } = bringing.brought;
  const headers = new Map(
    [...checkpoints].map(([name, checkpoint]) => [name, headerAnswer(checkpoint)] as const),
  );
  return { checkpoints, target, headers, faults: new Map() };
}

function faultAnswer({ code, message, help }: Fault): HeaderAnswer {
  return { kind: 'fault', code, message: `${message} ${help}` };
}

/** Adapters are laid on the models that the check found after their `on:`. */
function withAdapters(
  { sources }: Checked,
  opened: ReadonlyMap<string, Checkpoint>,
): ReadonlyMap<string, Checkpoint> {
  const checkpoints = new Map(opened);
  for (const { name, base } of sources) {
    const checkpoint = opened.get(name);
    if (checkpoint?.adapter === undefined || base === undefined) continue;
    const laid = layOn(checkpoint.adapter, base);
    if (laid.ok) checkpoints.set(name, { ...checkpoint, factors: laid.value.factors });
  }
  return checkpoints;
}

/** Where a source is looked for. A plain text that could be a folder's name as well as an id is ambiguous where that folder is; `hub(…)` never is. */
export function sourceAt(
  reference: SourceReference,
  { folder, isPlain, kind }: SourceReading,
): CheckpointSource {
  const source = placeOf(reference, { folder, isPlain });
  return kind === 'adapter' ? { ...source, as: 'adapter' } : source;
}

export interface SourceReading {
  /** Where relative paths start. */
  readonly folder: string;
  readonly isPlain: boolean;
  /** What the recipe declares it as; a model unless given. */
  readonly kind?: SourceMention['kind'];
}

function placeOf(reference: SourceReference, { folder, isPlain }: SourceReading): CheckpointSource {
  switch (reference.kind) {
    case 'path':
      return localSource(reference.path, folder);
    case 'hub':
      return isPlain
        ? sourceOfText(reference.id, folder)
        : hubSource(reference.id, reference.revision);
  }
}
