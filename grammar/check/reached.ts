/** What a step is made of: every source and every call that it reaches, through other steps and its rules. */
import type { MethodCall, Source, Step, TensorValue } from './checked.ts';

export interface Reached {
  /** In the order in which they are met. */
  readonly sources: ReadonlySet<Source>;
  readonly calls: ReadonlySet<MethodCall>;
  /** The step itself among them. */
  readonly steps: ReadonlySet<Step>;
}

export function reachedBy(step: Step): Reached {
  const sources = new Set<Source>();
  const calls = new Set<MethodCall>();
  const steps = new Set<Step>();
  const visitStep = (at: Step): void => {
    if (steps.has(at)) return;
    steps.add(at);
    visit(at.value);
    for (const { actions } of at.rules) {
      for (const action of actions) if (action.kind === 'take') visit(action.value);
    }
  };
  const visit = (value: TensorValue): void => {
    switch (value.kind) {
      case 'source':
        sources.add(value.source);
        return;
      case 'step':
        visitStep(value.step);
        return;
      case 'call': {
        const { call } = value;
        if (calls.has(call)) return;
        calls.add(call);
        if (call.base !== undefined) visit(call.base);
        for (const input of call.inputs) visit(input.value);
        return;
      }
      case 'sum':
        for (const term of value.terms) visit(term.value);
        return;
      case 'scaled':
      case 'negated':
      case 'layers':
        visit(value.value);
        return;
      case 'stack':
        value.parts.forEach(visit);
        return;
      case 'broken':
        return;
    }
  };
  visitStep(step);
  return { sources, calls, steps };
}
