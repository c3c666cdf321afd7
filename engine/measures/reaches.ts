import type { Step, TensorValue } from '../../grammar/check/checked.ts';
import { operandsOf, valuesOf } from '../../grammar/check/operands.ts';

/** Whether one step's values flow into another's, or it is that step. */
export function reaches(from: Step, into: Step): boolean {
  if (from.name === into.name) return true;
  return [...readBy(into)].some((value) =>
    value.kind === 'step' ? reaches(from, value.step) : value.source.name === from.name,
  );
}

type Named = Extract<TensorValue, { readonly kind: 'source' | 'step' }>;

/** The sources and steps that a step reads, in reading order. */
export function* readBy(step: Step): Generator<Named> {
  for (const value of valuesOf(step)) yield* namedIn(value);
}

export function* namedIn(value: TensorValue): Generator<Named> {
  if (value.kind === 'source' || value.kind === 'step') yield value;
  else for (const operand of operandsOf(value)) yield* namedIn(operand);
}
