/** What a setting may come to, as far as the text alone tells: by the call, at the expert, and by the step's rules. */
import type { Parameter, ParameterValue } from '../catalogue.ts';
import type { Span } from '../syntax/span.ts';
import type { BoundRule, MethodCall } from './checked.ts';
import { valuesAtKnots } from './curve.ts';
import { defaultOf, parameterNamed } from './parameters.ts';
import { valueForInput } from './settle.ts';
import type { Value } from './value.ts';

export interface CallWritten {
  readonly call: MethodCall;
  readonly rules: readonly BoundRule[];
}

/** Every value of a parameter for one input; undefined where a curve is not known yet. */
function possibleValues(
  { call, rules }: CallWritten,
  parameter: Parameter,
  input?: number,
): readonly ParameterValue[] | undefined {
  const { name } = parameter;
  const expert = input === undefined ? undefined : call.inputs[input];
  const given = call.args.get(name);
  const own = given && valueForInput(given, parameter, input, expert?.name);
  const written: Value[] = [];
  const first = expert?.own?.get(name) ?? own;
  if (first !== undefined) written.push(first);
  for (const { actions } of rules) {
    for (const action of actions) {
      if (action.kind !== 'set' || action.parameter !== name) continue;
      if (action.expert !== undefined && action.expert !== expert?.name) continue;
      const value = valueForInput(action.value, parameter, input, expert?.name);
      if (value !== undefined) written.push(value);
    }
  }
  const values = written.map(plainValues);
  if (values.some((of) => of === undefined)) return undefined;
  const byDefault = first === undefined ? defaultOf(parameter, call.compat) : undefined;
  return [
    ...(byDefault === undefined ? [] : [byDefault]),
    ...values.flatMap((of): readonly ParameterValue[] => of ?? []),
  ];
}

function plainValues(value: Value): readonly ParameterValue[] | undefined {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'text':
      return [value.value];
    case 'word':
      return [value.word];
    case 'curve':
      return valuesAtKnots(value.curve);
    case 'bytes':
    case 'duration':
    case 'list':
    case 'map':
      return undefined;
  }
}

/** As numbers; empty where the method has no such parameter, or a value is not known. */
export function possibleNumbers(
  written: CallWritten,
  name: string,
  input?: number,
): readonly number[] {
  const parameter = parameterNamed(written.call.method, name);
  const values = parameter && possibleValues(written, parameter, input);
  return values?.filter((value) => typeof value === 'number') ?? [];
}

/** Whether every value that a setting may have, for every input, is this one. */
export function isAlways(written: CallWritten, name: string, wanted: ParameterValue): boolean {
  const parameter = parameterNamed(written.call.method, name);
  if (parameter === undefined) return false;
  const slots = parameter.byModel === true ? written.call.inputs.map((_, i) => i) : [undefined];
  return slots.every((input) => {
    const values = possibleValues(written, parameter, input);
    return values !== undefined && values.length > 0 && values.every((value) => value === wanted);
  });
}

/** The first text that gives a setting of the whole call, or of one of its rules, a number of this kind. */
export function spanOfNumber(
  { call, rules }: CallWritten,
  name: string,
  isOfKind: (value: number) => boolean,
): Span | undefined {
  const inCall = call.args.get(name);
  const inRules = rules.flatMap(({ actions }) =>
    actions.flatMap((action) =>
      action.kind === 'set' && action.parameter === name ? [action.value] : [],
    ),
  );
  return [...(inCall === undefined ? [] : [inCall]), ...inRules].find((value) =>
    plainValues(value)?.some((one) => typeof one === 'number' && isOfKind(one)),
  )?.span;
}

/** Where a setting is written: in the call, at an expert, else in a rule. */
export function spanOfSetting({ call, rules }: CallWritten, name: string): Span | undefined {
  const inCall = call.args.get(name)?.span;
  if (inCall !== undefined) return inCall;
  for (const { own } of call.inputs) {
    const value = own?.get(name);
    if (value !== undefined) return value.span;
  }
  return rules
    .flatMap(({ actions }) => actions)
    .find((action) => action.kind === 'set' && action.parameter === name);
}
