/** A model at one tensor of a step: its term there, its base's, and the mask that its change meets. */
import type { Step, TensorValue } from '../../grammar/check/checked.ts';
import { tensorTerm, termFor } from '../../grammar/check/settle.ts';
import { tiedTo } from '../../grammar/check/signatures.ts';
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { headersOf, sameShape } from '../../grammar/places/cut.ts';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import type { Change } from './measured.ts';
import { isDelta, type Who } from './subject.ts';
import { hasMasks } from '../program/from-term.ts';

/** Undefined where the model, or its base, has no such tensor. */
export function changeAt(step: Step, header: TensorHeader, who: Who): Change | undefined {
  const value = termAt(who.value, header, step);
  const base = who.base && termAt(who.base, header, step);
  if (value === undefined || (who.base !== undefined && base === undefined)) return undefined;
  const change = {
    value,
    isDelta: isDelta(who.value),
    ...(base === undefined ? {} : { base }),
  };
  const masked = maskOf(termFor(step, header.name), change);
  return masked === undefined ? change : { ...change, masked };
}

/** Of its own name, of the embedding that a head is tied to, or zero where a Delta leaves it out. */
function termAt(value: TensorValue, header: TensorHeader, step: Step): TensorTerm | undefined {
  const signature = value.signature!;
  const own = headersOf(signature).get(header.name);
  if (own !== undefined)
    return sameShape(own.shape, header.shape) ? tensorTerm(value, header.name) : undefined;
  const part = anatomyOf(step.value.signature!).places.get(header.name)?.part;
  const tied = tiedTo(header, part, signature);
  if (tied !== undefined && sameShape(tied.shape, header.shape))
    return tensorTerm(value, tied.name);
  return isDelta(value) ? { kind: 'zero', dtype: header.dtype } : undefined;
}

/**
 * The call that masks the change, of the nearest step going up from the one asked about. The change is one of its inputs:
 * as a model over the call's base, or as a difference already.
 */
function maskOf(merged: TensorTerm, change: Change): Change['masked'] {
  const wanted = changeKey(change.value, change.isDelta ? undefined : change.base);
  for (let level: readonly TensorTerm[] = [merged]; level.length > 0;) {
    const { calls, above } = withinStatement(level);
    for (const call of calls) {
      const input = call.inputs.findIndex((one, index) => {
        const base = call.areChanges?.[index] === true ? undefined : call.base;
        return changeKey(one, base) === wanted;
      });
      if (input >= 0 && hasMasks(call)) return { call, input };
    }
    level = above;
  }
  return undefined;
}

/** The calls of terms up to the borders of the steps they read, outer ones first, and what lies behind the borders. */
function withinStatement(terms: readonly TensorTerm[]): {
  readonly calls: readonly CallTerm[];
  readonly above: readonly TensorTerm[];
} {
  const calls: CallTerm[] = [];
  const above: TensorTerm[] = [];
  const visit = (term: TensorTerm): void => {
    switch (term.kind) {
      case 'tensor':
      case 'zero':
        return;
      case 'step':
        above.push(term.term);
        return;
      case 'scaled':
      case 'negated':
        return visit(term.term);
      case 'sum':
        return term.terms.forEach((addend) => visit(addend.term));
      case 'call':
        calls.push(term);
        if (term.base !== undefined) visit(term.base);
        return term.inputs.forEach(visit);
    }
  };
  terms.forEach(visit);
  return { calls, above };
}

/** Equal for equal changes, whether a base is subtracted by a call or in the recipe. */
function changeKey(value: TensorTerm, base: TensorTerm | undefined): string {
  if (base !== undefined) return `${termKey(value)} - ${termKey(base)}`;
  if (value.kind !== 'sum' || value.terms.length !== 2) return termKey(value);
  const [first, second] = value.terms;
  return !first!.negative && second!.negative
    ? `${termKey(first!.term)} - ${termKey(second!.term)}`
    : termKey(value);
}

/** Types are the result's by rule, and a step is known by its name. */
function termKey(term: TensorTerm): string {
  return JSON.stringify(term, (key, value: unknown) => (key === 'dtype' ? undefined : value));
}
