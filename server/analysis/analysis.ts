/**
 * What is known of one version of a recipe: its text, its tree, what the check found, and the headers it was checked with.
 * Every feature is a pure function of it.
 */
import type { Checkpoint } from '../../engine/checkpoints/checkpoint.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import type { Catalogue } from '../../grammar/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked, HeaderAnswer } from '../../grammar/check/checked.ts';
import { parse, type Parsed } from '../../grammar/syntax/parse.ts';
import { type LineMap, lineMap } from '../../grammar/syntax/lines.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';

/** What reading a model's header gave. */
export type ModelAnswer =
  | { readonly kind: 'read'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Outside the workspace, which nobody trusts yet: its files are not touched. */
  | { readonly kind: 'withheld' };

/** By the source's name in the recipe; a model that is absent has not been looked at yet. */
export type ModelAnswers = ReadonlyMap<string, ModelAnswer>;

export interface Analysis {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: LineMap;
  readonly recipe: Recipe;
  readonly checked: Checked;
  readonly catalogue: Catalogue;
  readonly models: ModelAnswers;
}

export interface AnalysisInput {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly catalogue: Catalogue;
  /** Absent: the text alone is checked. */
  readonly models?: ModelAnswers;
  /** The tree of the same text, where it has been read already. */
  readonly parsed?: Parsed;
}

export function analyse(input: AnalysisInput): Analysis {
  const { uri, version, text, catalogue, models, parsed = parse(text) } = input;
  const { recipe, diagnostics } = parsed;
  const headers = models === undefined ? undefined : headersOf(models);
  const checked = check({
    text,
    recipe,
    diagnostics,
    catalogue,
    ...(headers === undefined ? {} : { headers }),
  });
  return {
    uri,
    version,
    text,
    lines: lineMap(text),
    recipe,
    checked,
    catalogue,
    models: models ?? new Map(),
  };
}

function headersOf(models: ModelAnswers): ReadonlyMap<string, HeaderAnswer> {
  const headers = new Map<string, HeaderAnswer>();
  for (const [name, answer] of models) {
    switch (answer.kind) {
      case 'read':
        headers.set(name, { kind: 'signature', signature: answer.checkpoint.signature });
        break;
      case 'fault': {
        const { code, message, help } = answer.fault;
        headers.set(name, { kind: 'fault', code, message: `${message} ${help}` });
        break;
      }
      case 'withheld':
        break;
      default:
        answer satisfies never;
    }
  }
  return headers;
}
