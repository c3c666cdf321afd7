/**
 * Whose base a measure takes: that of the nearest step, going up from the step asked about,
 * that has the model among its inputs.
 */
import type { Expert, Step, TensorValue } from './checked.ts';
import { valuesOf } from './operands.ts';
import { nameOfValue } from './tensor-value.ts';

export type BaseAnswer =
  | { readonly kind: 'base'; readonly base: TensorValue }
  /** No step has the model among its inputs with a base, or the nearest ones disagree. */
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly bases: readonly TensorValue[] };

export function baseFor(step: Step, model: Expert): BaseAnswer {
  const seen = new Set<Step>();
  for (let level: readonly Step[] = [step]; level.length > 0;) {
    const found: (TensorValue | undefined)[] = [];
    const above = new Set<Step>();
    for (const at of level) {
      seen.add(at);
      for (const value of valuesOf(at)) collect(value, model, found, above);
    }
    if (found.length > 0) return agreed(found);
    level = [...above].filter((next) => !seen.has(next));
  }
  return { kind: 'none' };
}

function agreed(found: readonly (TensorValue | undefined)[]): BaseAnswer {
  const bases = new Map<string, TensorValue>();
  for (const base of found) {
    if (base !== undefined) bases.set(nameOfValue(base) ?? `at ${base.span.start}`, base);
  }
  const known = [...bases.values()];
  const [first, second] = known;
  if (first === undefined) return { kind: 'none' };
  return second === undefined ? { kind: 'base', base: first } : { kind: 'several', bases: known };
}

function isModel(
  expert: { readonly name?: string; readonly value: TensorValue },
  model: Expert,
): boolean {
  const name = model.name ?? nameOfValue(model.value);
  return name !== undefined && (expert.name === name || nameOfValue(expert.value) === name);
}

/** Every place the model stands in a value, with the base there; steps that it reads go to `above`. */
function collect(
  value: TensorValue,
  model: Expert,
  found: (TensorValue | undefined)[],
  above: Set<Step>,
): void {
  switch (value.kind) {
    case 'source':
    case 'step':
      if (isModel({ value }, model)) found.push(undefined);
      else if (value.kind === 'step') above.add(value.step);
      return;
    case 'call': {
      const { base, inputs } = value.call;
      for (const expert of inputs) {
        if (isModel(expert, model)) found.push(base);
        else collect(expert.value, model, found, above);
      }
      if (base !== undefined && !isModel({ value: base }, model))
        collect(base, model, found, above);
      return;
    }
    case 'sum': {
      // `x - b` is a change from b, wherever it stands.
      const subtracted = value.terms.find(({ negative }) => negative)?.value;
      const base = subtracted === undefined ? undefined : unscaled(subtracted);
      for (const { negative, value: term } of value.terms) {
        const inner = unscaled(term);
        if (isModel({ value: inner }, model)) found.push(negative ? undefined : base);
        else collect(inner, model, found, above);
      }
      return;
    }
    case 'scaled':
    case 'negated':
    case 'layers':
      collect(value.value, model, found, above);
      return;
    case 'stack':
      for (const part of value.parts) collect(part, model, found, above);
      return;
    case 'broken':
      return;
  }
}

function unscaled(value: TensorValue): TensorValue {
  let inner = value;
  while (inner.kind === 'scaled' || inner.kind === 'negated') inner = inner.value;
  return inner;
}
