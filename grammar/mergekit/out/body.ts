/** What one step computes, as a document of mergekit says it: its method, its inputs and their parameters. */
import type { BoundRule, MethodCall, Step, TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import type { Body } from './body-shape.ts';
import { callParts } from './call-body.ts';
import { type Exporting, say } from './exporting.ts';
import { modulesBody } from './modules.ts';
import { passed } from './passed.ts';
import { slices } from './slices.ts';
import { sumBody } from './sum-body.ts';
import { type Take, takenBody, takesOf } from './taken.ts';
import { map } from './yaml-text.ts';

/** Undefined: it cannot be said, and why is. */
export function bodyOf(exporting: Exporting, step: Step): Body | undefined {
  const takes = takesOf(step.rules);
  return takes.length > 0
    ? bodyWithTakes(exporting, step, takes)
    : valueBody(exporting, step.value, step.rules);
}

function bodyWithTakes(exporting: Exporting, step: Step, takes: readonly Take[]): Body | undefined {
  const rules = step.rules.flatMap((rule): readonly BoundRule[] => {
    const actions = rule.actions.filter(({ kind }) => kind !== 'take');
    return actions.length === 0 ? [] : [{ ...rule, actions }];
  });
  const ofPart = (value: TensorValue): Body | undefined =>
    value.kind === 'step'
      ? bodyOf(exporting, value.step)
      : valueBody(exporting, value, value === step.value ? rules : []);
  const modules = modulesBody(exporting, step.value, takes, ofPart);
  if (modules !== undefined) return modules;
  // What is computed here, and what is computed only to be taken, become documents of their own.
  const named = (value: TensorValue, of: readonly BoundRule[], ending: string): TensorValue => {
    const isNamed = value.kind === 'source' || value.kind === 'step';
    if (isNamed && of.length === 0) return value;
    return {
      ...value,
      kind: 'step',
      step: exporting.part(step, { value, rules: of, ending }),
    } as TensorValue;
  };
  return takenBody(
    exporting,
    named(step.value, rules, 'computed'),
    takes.map(({ rule, action }) => ({
      rule,
      action: { ...action, value: named(action.value, [], 'taken') },
    })),
  );
}

function valueBody(
  exporting: Exporting,
  value: TensorValue,
  rules: readonly BoundRule[],
): Body | undefined {
  switch (value.kind) {
    case 'source':
    case 'step':
      return passed(exporting, value);
    case 'layers':
      return slices(exporting, [value]);
    case 'stack':
      return slices(exporting, value.parts);
    case 'call':
      return callBody(exporting, value, value.call, rules);
    case 'sum':
    case 'scaled':
    case 'negated':
      return sumBody(exporting, value);
    case 'broken':
      return say(exporting, notSaidInYaml, value.span, 'This part cannot be carried over yet.');
  }
}

function callBody(
  exporting: Exporting,
  value: TensorValue,
  call: MethodCall,
  rules: readonly BoundRule[],
): Body | undefined {
  const body = callParts(exporting, { value, call, rules, offset: 0 });
  if (body === undefined) return undefined;
  const { sources, isCut, parameters, ...rest } = body;
  if (!isCut) {
    return {
      ...rest,
      layout: { key: 'models', value: { kind: 'list', items: sources } },
      parameters,
    };
  }
  const slice = map([{ key: 'sources', value: { kind: 'list', items: sources } }]);
  return {
    ...rest,
    layout: { key: 'slices', value: { kind: 'list', items: [{ value: slice }] } },
    parameters,
  };
}

const longWords: Readonly<Record<string, string>> = {
  bf16: 'bfloat16',
  f16: 'float16',
  f32: 'float32',
};

export function longWord(word: string): string {
  return longWords[word] ?? word;
}
