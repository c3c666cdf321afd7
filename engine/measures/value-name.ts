import type { TensorValue } from '../../grammar/check/checked.ts';

/** The name under which a recipe knows a value; undefined for an expression. */
export function nameOfValue(value: TensorValue): string | undefined {
  switch (value.kind) {
    case 'source':
      return value.source.name;
    case 'step':
      return value.step.name;
    case 'call':
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'layers':
    case 'stack':
    case 'broken':
      return undefined;
  }
}
