import type { Source, TensorValue } from '../../grammar/check/checked.ts';
import { kindOf } from '../../grammar/check/share.ts';
import type { Curve } from '../../grammar/check/value.ts';

/**
 * The model that a Delta is a change of: the one that an adapter lies on, the one that is subtracted. Undefined where that is no
 * source of its own, as a model cut to some of its layers.
 */
export function standsOn(value: TensorValue, sources: readonly Source[]): Source | undefined {
  return changedBy(value, { sources, isNegative: false });
}

interface Standing {
  readonly sources: readonly Source[];
  /** Whether what is looked at is taken away. */
  readonly isNegative: boolean;
}

function changedBy(value: TensorValue, standing: Standing): Source | undefined {
  switch (value.kind) {
    case 'source': {
      const { source } = value;
      if (source.kind !== 'adapter') return undefined;
      const { sources } = standing;
      return (
        sources.find(({ name }) => name === source.on) ??
        sources.find(({ kind, signature }) => kind === 'model' && signature === source.base)
      );
    }
    case 'step':
      return changedBy(value.step.value, standing);
    case 'scaled':
      return changedBy(value.value, turnedWhere(isBelowZero(value.by), standing));
    case 'negated':
      return changedBy(value.value, turnedWhere(true, standing));
    case 'sum': {
      for (const { negative, value: term } of value.terms) {
        const own = turnedWhere(negative, standing);
        const model = kindOf(term) === 'delta' ? undefined : modelIn(term, own);
        if (model !== undefined) return model;
      }
      return first(value.terms, ({ negative, value: term }) =>
        kindOf(term) === 'delta' ? changedBy(term, turnedWhere(negative, standing)) : undefined,
      );
    }
    case 'call':
      return first(value.call.inputs, (input) => changedBy(input.value, standing));
    case 'layers':
    case 'stack':
    case 'broken':
      return undefined;
  }
}

/** A model that is taken away as it is. */
function modelIn(value: TensorValue, standing: Standing): Source | undefined {
  switch (value.kind) {
    case 'source':
      return standing.isNegative && value.source.kind === 'model' ? value.source : undefined;
    case 'step':
      return modelIn(value.step.value, standing);
    case 'scaled':
      return modelIn(value.value, turnedWhere(isBelowZero(value.by), standing));
    case 'negated':
      return modelIn(value.value, turnedWhere(true, standing));
    case 'sum':
    case 'call':
    case 'layers':
    case 'stack':
    case 'broken':
      return undefined;
  }
}

function isBelowZero(by: number | Curve): boolean {
  return typeof by === 'number' && by < 0;
}

function turnedWhere(isTurned: boolean, standing: Standing): Standing {
  return isTurned ? { ...standing, isNegative: !standing.isNegative } : standing;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
