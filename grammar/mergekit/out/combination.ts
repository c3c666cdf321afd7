/** Sums of models as mergekit’s `linear`: every model with the number that stands before it. */
import type { TensorValue } from '../../check/checked.ts';

export interface Weighted {
  readonly value: TensorValue;
  readonly weight: number;
}

/** Undefined: something in it is no plain multiple of a model. */
export function combinationOf(value: TensorValue): readonly Weighted[] | undefined {
  const found = new Map<string, Weighted>();
  const add = (of: TensorValue, weight: number): boolean => {
    switch (of.kind) {
      case 'source':
      case 'step': {
        if (of.kind === 'source' && of.source.kind !== 'model') return false;
        const name = of.kind === 'source' ? of.source.name : of.step.name;
        const before = found.get(name);
        found.set(name, { value: of, weight: (before?.weight ?? 0) + weight });
        return true;
      }
      case 'sum':
        return of.terms.every((term) => add(term.value, term.negative ? -weight : weight));
      case 'negated':
        return add(of.value, -weight);
      case 'scaled': {
        const by =
          typeof of.by === 'number' ? of.by : of.by.kind === 'constant' ? of.by.value : undefined;
        return by !== undefined && add(of.value, of.divide ? weight / by : weight * by);
      }
      case 'call':
      case 'layers':
      case 'stack':
      case 'broken':
        return false;
    }
  };
  if (!add(value, 1)) return undefined;
  return [...found.values()].filter(({ weight }) => weight !== 0);
}
