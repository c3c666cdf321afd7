/** The values a parameter has in a step, place by place, and the line that sets each: what the plan would compute with. */
import type { ParameterValue } from '../../grammar/catalogue.ts';
import type { Step } from '../../grammar/check/checked.ts';
import { takenBy, traceOf } from '../../grammar/check/settle.ts';
import type { SettingTrace } from '../../grammar/check/term.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { floatTypes } from '../../grammar/places/signature.ts';
import type { Span } from '../../grammar/syntax/span.ts';

/** All tensors that one text sets to one run of values, for one expert. */
export interface SettingGroup {
  readonly expert?: string;
  readonly by: 'default' | 'call' | 'rule' | 'take';
  /** The text that sets it; absent for a default. */
  readonly span?: Span;
  readonly values: readonly ParameterValue[];
  readonly tensors: ReadonlySet<string>;
}

/**
 * Groups in the order in which they first occur. Tensors that stand at one depth under the same rules share their values,
 * so that only one of them is traced.
 */
export function settingsHere(
  step: Step,
  parameter: string,
  within?: ReadonlySet<string>,
): readonly SettingGroup[] {
  const { signature } = step.value;
  if (signature === undefined || step.value.kind !== 'call') return [];
  const { places } = anatomyOf(signature);
  const traced = new Map<string, readonly SettingTrace[]>();
  const groups = new Map<string, Group>();
  for (const { name, dtype } of signature.tensors) {
    if (!floatTypes.has(dtype) || within?.has(name) === false) continue;
    const taken = takenBy(step, name);
    if (taken !== undefined) {
      join(groups, { by: 'take', span: taken }, name, undefined);
      continue;
    }
    const place = places.get(name);
    const under = step.rules.map(({ tensors }) => (tensors?.has(name) === true ? 1 : 0)).join('');
    const key = `${place?.tower} ${place?.layer ?? place?.part} ${under}`;
    let traces = traced.get(key);
    if (traces === undefined) {
      traces = traceOf(step, name).filter((trace) => trace.parameter === parameter);
      traced.set(key, traces);
    }
    for (const { expert, steps } of traces) {
      const last = steps.at(-1)!;
      join(groups, { ...last, ...(expert === undefined ? {} : { expert }) }, name, last.value);
    }
  }
  return [...groups.values()];
}

type Group = SettingGroup & { readonly values: ParameterValue[]; readonly tensors: Set<string> };

function join(
  groups: Map<string, Group>,
  { expert, by, span }: Pick<SettingGroup, 'expert' | 'by' | 'span'>,
  tensor: string,
  value: ParameterValue | undefined,
): void {
  const key = `${expert ?? ''} ${by} ${span?.start ?? ''}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = {
      by,
      values: [],
      tensors: new Set(),
      ...(expert === undefined ? {} : { expert }),
      ...(span === undefined ? {} : { span: { start: span.start, end: span.end } }),
    };
    groups.set(key, group);
  }
  group.tensors.add(tensor);
  if (value !== undefined && !group.values.includes(value)) group.values.push(value);
}
