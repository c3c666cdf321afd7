/**
 * What is known of one version of a recipe: its text, its tree, what the check found, and the headers it was checked with.
 * Every feature is a pure function of it.
 */
import { headerAnswer } from '../../engine/checkpoints/header-answer.ts';
import type { Checkpoint } from '../../engine/checkpoints/checkpoint.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import type { Catalogue } from '../../grammar/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked, HeaderAnswer } from '../../grammar/check/checked.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import type { Rechecker } from '../../grammar/check/recheck.ts';
import { parse, type Parsed } from '../../grammar/syntax/parse.ts';
import { type LineMap, lineMap } from '../../grammar/syntax/lines.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';

/** What reading a model's header gave. */
export type ModelAnswer =
  | { readonly kind: 'read'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Outside the workspace, which nobody trusts yet: its files are not touched. */
  | { readonly kind: 'withheld' }
  /** A path that starts at a folder, in a text that lies in none. */
  | { readonly kind: 'nowhere' };

/** By the source's name in the recipe; a model that is absent has not been looked at yet. */
export type ModelAnswers = ReadonlyMap<string, ModelAnswer>;

export interface Analysis {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineMap;
  readonly recipe: Recipe;
  /** The reading that the tree is of. */
  readonly parsed: Parsed;
  readonly checked: Checked;
  readonly catalogue: Catalogue;
  readonly models: ModelAnswers;
  /** The recipes it uses; absent before they are read. */
  readonly imports?: Imports;
}

export interface AnalysisInput {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly catalogue: Catalogue;
  /** Absent: the text alone is checked. */
  readonly models?: ModelAnswers;
  /** Absent: what it uses is not known, and its names pass. */
  readonly imports?: Imports;
  /** Codes of warnings that a setting silences. */
  readonly allow?: ReadonlySet<string>;
  /** It keeps what it found of the text before, so that an edit alone is checked. */
  readonly rechecker?: Rechecker;
  /** The tree of the same text, where it has been read already. */
  readonly parsed?: Parsed;
}

export function analyse(input: AnalysisInput): Analysis {
  const { uri, version, text, catalogue, models, imports, allow, parsed = parse(text) } = input;
  const { recipe, diagnostics } = parsed;
  const headers = models === undefined ? undefined : headersOf(models);
  const given = {
    text,
    catalogue,
    ...(headers === undefined ? {} : { headers }),
    ...(imports === undefined ? {} : { imports }),
    ...(allow === undefined ? {} : { allow }),
  };
  const checked =
    input.rechecker?.check({ ...given, parsed }) ?? check({ ...given, recipe, diagnostics });
  return {
    uri,
    version,
    text,
    lines: lineMap(text),
    recipe,
    parsed,
    checked,
    catalogue,
    models: models ?? new Map(),
    ...(imports === undefined ? {} : { imports }),
  };
}

/** One answer is one header, so that a check can tell what is the same as before. */
const knownHeaders = new WeakMap<ModelAnswer, HeaderAnswer>();

function headersOf(models: ModelAnswers): ReadonlyMap<string, HeaderAnswer> {
  const headers = new Map<string, HeaderAnswer>();
  for (const [name, answer] of models) {
    const header = knownHeaders.get(answer) ?? headerOf(answer);
    if (header === undefined) continue;
    knownHeaders.set(answer, header);
    headers.set(name, header);
  }
  return headers;
}

function headerOf(answer: ModelAnswer): HeaderAnswer | undefined {
  switch (answer.kind) {
    case 'read':
      return headerAnswer(answer.checkpoint);
    case 'fault': {
      const { code, message, help } = answer.fault;
      return { kind: 'fault', code, message: `${message} ${help}` };
    }
    case 'withheld':
    case 'nowhere':
      return undefined;
    default:
      return answer satisfies never;
  }
}
