/** Sums of models as mergekit’s `linear`: every model with the number that stands before it. */
import type { TensorValue } from '../../check/checked.ts';
import { constant, folded } from '../../check/curve.ts';
import type { Curve } from '../../check/value.ts';

export interface Weighted {
  readonly value: TensorValue;
  readonly weight: Curve;
}

/** Undefined: something in it is no plain multiple of a model. */
export function combinationOf(value: TensorValue): readonly Weighted[] | undefined {
  const found = new Map<string, Weighted>();
  const add = (of: TensorValue, weight: Curve): boolean => {
    switch (of.kind) {
      case 'source':
      case 'step': {
        if (of.kind === 'source' && of.source.kind !== 'model') return false;
        const name = of.kind === 'source' ? of.source.name : of.step.name;
        const before = found.get(name);
        const sum = before === undefined ? weight : calculated('+', before.weight, weight);
        found.set(name, { value: of, weight: sum });
        return true;
      }
      case 'sum':
        return of.terms.every((term) => add(term.value, term.negative ? negative(weight) : weight));
      case 'negated':
        return add(of.value, negative(weight));
      case 'scaled': {
        const by = typeof of.by === 'number' ? constant(of.by) : of.by;
        return add(of.value, calculated(of.divide ? '/' : '*', weight, by));
      }
      case 'call':
      case 'layers':
      case 'stack':
      case 'broken':
        return false;
    }
  };
  if (!add(value, constant(1))) return undefined;
  return [...found.values()].filter(
    ({ weight }) => weight.kind !== 'constant' || weight.value !== 0,
  );
}

function calculated(operator: '+' | '*' | '/', left: Curve, right: Curve): Curve {
  return folded({ kind: 'arithmetic', operator, left, right });
}

function negative(weight: Curve): Curve {
  return folded({ kind: 'arithmetic', operator: '-', left: constant(0), right: weight });
}
