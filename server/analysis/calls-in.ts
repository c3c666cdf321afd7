/** Every call of a method in a bound step: its own, those among its inputs, and those its rules take. */
import type { MethodCall, Step, TensorValue } from '../../grammar/check/checked.ts';
import { operandsOf, valuesOf } from '../../grammar/check/operands.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Span } from '../../grammar/syntax/span.ts';

export interface BoundCall {
  readonly call: MethodCall;
  readonly span: Span;
  readonly signature: Signature | undefined;
}

/** What other steps and declarations hold is theirs. */
export function callsIn(step: Step): readonly BoundCall[] {
  return valuesOf(step).flatMap(callsOf);
}

function callsOf(value: TensorValue): readonly BoundCall[] {
  const inner = operandsOf(value).flatMap(callsOf);
  if (value.kind !== 'call') return inner;
  const { call, span, signature } = value;
  return [{ call, span, signature }, ...inner];
}
