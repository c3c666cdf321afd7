/** Calls under `scope: whole`: which tensors their statistics run over, and in which order the calls must be taken. */
import type { Step, TensorValue } from '../../grammar/check/checked.ts';
import { operandsOf, valuesOf } from '../../grammar/check/operands.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import type { PlannedGroup } from './plan.ts';
import type { WorkItems } from './work-items.ts';

interface WholeTensor {
  readonly name: string;
  readonly term: CallTerm;
  readonly elements: number;
}

/** By call, in an order in which each waits only for those before it. */
function wholeCalls(steps: readonly Step[]): ReadonlyMap<string, readonly WholeTensor[]> {
  const calls = new Map<string, Map<string, WholeTensor>>();
  for (const step of stepsBelow(steps)) {
    const signature = step.value.signature!;
    for (const { name, shape } of signature.tensors) {
      if (isTiedTwice(step, name)) continue;
      const elements = elementCount(shape)!;
      eachCall(termFor(step, name), (term) => {
        if (term.settings.scope !== 'whole') return;
        const tensors = calls.get(term.call) ?? new Map<string, WholeTensor>();
        calls.set(term.call, tensors);
        if (!isLeftOut(term)) tensors.set(term.tensor, { name: term.tensor, term, elements });
      });
    }
  }
  return new Map([...calls].map(([call, tensors]) => [call, [...tensors.values()]]));
}

/** Every step that flows into these, each after those it reads. */
function stepsBelow(steps: readonly Step[]): readonly Step[] {
  const ordered = new Set<Step>();
  const visitValue = (value: TensorValue): void => {
    if (value.kind === 'step') visit(value.step);
    else operandsOf(value).forEach(visitValue);
  };
  const visit = (step: Step): void => {
    if (ordered.has(step)) return;
    valuesOf(step).forEach(visitValue);
    ordered.add(step);
  };
  steps.forEach(visit);
  return [...ordered];
}

/** Calls of a term that stand in its own statement, inner ones first. */
function eachCall(term: TensorTerm, visit: (call: CallTerm) => void): void {
  switch (term.kind) {
    case 'tensor':
    case 'zero':
    case 'step':
      return;
    case 'sum':
      return term.terms.forEach(({ term: addend }) => eachCall(addend, visit));
    case 'scaled':
    case 'negated':
      return eachCall(term.term, visit);
    case 'call':
      if (term.base !== undefined) eachCall(term.base, visit);
      term.inputs.forEach((input) => eachCall(input, visit));
      return visit(term);
  }
}

/** A tensor that no expert has is not computed. */
function isLeftOut({ inputs }: CallTerm): boolean {
  return inputs.every(({ kind }) => kind === 'zero');
}

/** A head that the configuration ties to the embedding is counted there. */
function isTiedTwice(step: Step, name: string): boolean {
  const signature = step.value.signature!;
  return (
    signature.config?.tiedEmbeddings === true &&
    anatomyOf(signature).places.get(name)?.part === 'head'
  );
}

/** Elements over which each call's statistics run. */
export function wholeElementsOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  return new Map(
    [...wholeCalls(steps)].map(([call, tensors]) => [
      call,
      tensors.reduce((sum, { elements }) => sum + elements, 0),
    ]),
  );
}

export function planGroups(steps: readonly Step[], items: WorkItems): readonly PlannedGroup[] {
  return [...wholeCalls(steps)].map(([call, tensors]) => ({
    call,
    tensors: tensors.map(({ name, term, elements }) => ({ name, item: items.of(term, elements) })),
  }));
}
