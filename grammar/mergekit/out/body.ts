/** What one step computes, as a document of mergekit says it: its method, its inputs and their parameters. */
import type { BoundRule, MethodCall, TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import type { Body } from './body-shape.ts';
import { callParts } from './call-body.ts';
import { type Exporting, say } from './exporting.ts';
import { passed } from './passed.ts';
import { slices } from './slices.ts';
import { sumBody } from './sum-body.ts';
import { map } from './yaml-text.ts';

/** Undefined: it cannot be said, and why is. */
export function bodyOf(
  exporting: Exporting,
  value: TensorValue,
  rules: readonly BoundRule[],
): Body | undefined {
  const [take] = rules.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'take'));
  if (take !== undefined) {
    const message = 'mergekit takes no tensors from other models by place.';
    return say(exporting, notSaidInYaml, take, message);
  }
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
  const body = callParts(exporting, value, call, rules, 0);
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
