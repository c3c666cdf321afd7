/** Which line sets a value for a tensor: the words that hover and `explain` share. */
import { basename } from 'node:path';
import type { Step } from '../../grammar/check/checked.ts';
import { type Imports, locate } from '../../grammar/check/imports.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import { traceOf } from '../../grammar/check/settle.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { valueText } from './values.ts';

/** The recipe whose lines are meant, with those that it uses. */
export interface Written {
  readonly text: string;
  readonly recipe: Recipe;
  readonly imports?: Imports | undefined;
}

export interface SetBy {
  readonly by: 'default' | 'call' | 'rule' | 'take';
  readonly span?: Span;
}

/** The line that sets a value, and the place of its rule where a rule does. */
export interface SettingSource {
  /** `default`, `line 12`, `line 12 of common.merge`. */
  readonly line: string;
  /** `at early`. */
  readonly rule?: string;
}

export function sourceOf({ by, span }: SetBy, written: Written): SettingSource {
  if (span === undefined) return { line: by };
  const { start, file } = locate(written.imports, span);
  const used = file === undefined ? undefined : written.imports?.files.get(file);
  const { text, recipe } = used ?? written;
  const number = lineMap(text).positionAt(start).line;
  const line = file === undefined ? `line ${number}` : `line ${number} of ${basename(file)}`;
  const rule = nodesAt(recipe, start).find((node) => node.kind === 'rule');
  if (rule === undefined) return { line };
  return { line, rule: `at ${text.slice(rule.place.start, rule.place.end)}` };
}

/** `line 12, at early`. */
export function sourceText({ line, rule }: SettingSource): string {
  return rule === undefined ? line : `${line}, ${rule}`;
}

export interface TracedSetting {
  /** `density`, `weight.math`. */
  readonly name: string;
  /** In the recipe's own notation, the one that wins first. */
  readonly values: readonly { readonly value: string; readonly setBy: SettingSource }[];
}

/** Every value that the step has at one of its tensors, and the lines that set it; the last written wins. */
export function tracedSettings(
  step: Step,
  tensor: string,
  written: Written,
): readonly TracedSetting[] {
  if (step.value.kind !== 'call') return [];
  const { method } = step.value.call;
  return traceOf(step, tensor).map(({ parameter, expert, steps }) => {
    const type = parameterNamed(method, parameter)?.type;
    return {
      name: expert === undefined ? parameter : `${parameter}.${expert}`,
      values: steps
        .map((one) => ({ value: valueText(one.value, type), setBy: sourceOf(one, written) }))
        .toReversed(),
    };
  });
}
