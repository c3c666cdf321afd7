import type { Step, TensorValue } from '../../grammar/check/checked.ts';

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
  yield* namedIn(step.value);
  for (const { actions } of step.rules) {
    for (const action of actions) if (action.kind === 'take') yield* namedIn(action.value);
  }
}

export function* namedIn(value: TensorValue): Generator<Named> {
  switch (value.kind) {
    case 'source':
    case 'step':
      yield value;
      return;
    case 'call':
      if (value.call.base !== undefined) yield* namedIn(value.call.base);
      for (const input of value.call.inputs) yield* namedIn(input.value);
      return;
    case 'sum':
      for (const term of value.terms) yield* namedIn(term.value);
      return;
    case 'scaled':
    case 'negated':
    case 'layers':
      yield* namedIn(value.value);
      return;
    case 'stack':
      for (const part of value.parts) yield* namedIn(part);
      return;
    case 'broken':
      return;
  }
}
