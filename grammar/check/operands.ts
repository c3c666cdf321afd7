/** What a value is made of directly: walks of values look at the kinds that they are about, and at the operands of all others. */
import type { BoundAction, BoundRule, Step, TensorValue } from './checked.ts';

/** In reading order, the base of a call first. What a source or another step holds is theirs. */
export function operandsOf(value: TensorValue): readonly TensorValue[] {
  switch (value.kind) {
    case 'call': {
      const { base, inputs } = value.call;
      return [...(base === undefined ? [] : [base]), ...inputs.map((input) => input.value)];
    }
    case 'sum':
      return value.terms.map((term) => term.value);
    case 'scaled':
    case 'negated':
    case 'layers':
      return [value.value];
    case 'stack':
      return value.parts;
    case 'source':
    case 'step':
    case 'broken':
      return [];
  }
}

/** In the order in which they are written. */
export function takesIn(
  rules: readonly BoundRule[],
): readonly Extract<BoundAction, { readonly kind: 'take' }>[] {
  return rules.flatMap(({ actions }) => actions.filter((action) => action.kind === 'take'));
}

/** All that stands in a step: its own value, and what its rules take. */
export function valuesOf({ value, rules }: Step): readonly TensorValue[] {
  return [value, ...takesIn(rules).map((take) => take.value)];
}
