/** What a step is made of: every source and every call that it reaches, through other steps and its rules. */
import type { MethodCall, Source, Step, TensorValue } from './checked.ts';
import { operandsOf, valuesOf } from './operands.ts';

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
    valuesOf(at).forEach(visit);
  };
  const visit = (value: TensorValue): void => {
    if (value.kind === 'step') return visitStep(value.step);
    if (value.kind === 'source') sources.add(value.source);
    if (value.kind === 'call') {
      if (calls.has(value.call)) return;
      calls.add(value.call);
    }
    operandsOf(value).forEach(visit);
  };
  visitStep(step);
  return { sources, calls, steps };
}
