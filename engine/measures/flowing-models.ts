import { baseFor } from '../../grammar/check/base-rule.ts';
import type { Step, TensorValue } from '../../grammar/check/checked.ts';
import { nameOfValue } from '../../grammar/check/tensor-value.ts';
import type { PreviewModel } from './preview.ts';
import { readBy } from './reaches.ts';
import type { Who } from './subject.ts';

export interface FlowingModel {
  readonly shown: PreviewModel;
  readonly who: Who;
}

/**
 * The source models that flow into a step, in reading order, each with the base that an expectation would take. Those that
 * are themselves the base of another are what others are measured from, and left out.
 */
export function flowingModels(step: Step): readonly FlowingModel[] {
  const models = sourcesOf(step).map((value): FlowingModel => {
    const { name } = value.source;
    const answer = baseFor(step, { name, value, span: value.span });
    switch (answer.kind) {
      case 'base': {
        const { base } = answer;
        const label = nameOfValue(base) ?? 'an expression';
        return { shown: { name, base: label }, who: { label: name, value, base } };
      }
      case 'several': {
        const severalBases = answer.bases.map((base) => nameOfValue(base) ?? 'an expression');
        return { shown: { name, severalBases }, who: { label: name, value } };
      }
      case 'none':
        return { shown: { name }, who: { label: name, value } };
    }
  });
  const bases = new Set(models.map(({ shown }) => shown.base));
  const rest = models.filter(({ shown }) => !bases.has(shown.name));
  return rest.length === 0 ? models : rest;
}

type SourceValue = Extract<TensorValue, { readonly kind: 'source' }>;

function sourcesOf(step: Step): readonly SourceValue[] {
  const found = new Map<string, SourceValue>();
  const visit = (at: Step): void => {
    for (const value of readBy(at)) {
      if (value.kind === 'step') visit(value.step);
      else if (value.source.kind === 'model' && !found.has(value.source.name))
        found.set(value.source.name, value);
    }
  };
  visit(step);
  return [...found.values()];
}
