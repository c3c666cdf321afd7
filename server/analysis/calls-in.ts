/** Every call of a method in a bound step: its own, those among its inputs, and those its rules take. */
import type { MethodCall, Step, TensorValue } from '../../grammar/check/checked.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Span } from '../../grammar/syntax/span.ts';

export interface BoundCall {
  readonly call: MethodCall;
  readonly span: Span;
  readonly signature: Signature | undefined;
}

/** What other steps and declarations hold is theirs. */
export function callsIn({ value, rules }: Step): readonly BoundCall[] {
  const taken = rules.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.kind === 'take' ? callsOf(action.value) : [])),
  );
  return [...callsOf(value), ...taken];
}

function callsOf(value: TensorValue): readonly BoundCall[] {
  switch (value.kind) {
    case 'call': {
      const { call, span, signature } = value;
      const inner = [
        ...(call.base === undefined ? [] : [call.base]),
        ...call.inputs.map((of) => of.value),
      ];
      return [{ call, span, signature }, ...inner.flatMap(callsOf)];
    }
    case 'sum':
      return value.terms.flatMap((term) => callsOf(term.value));
    case 'scaled':
    case 'negated':
    case 'layers':
      return callsOf(value.value);
    case 'stack':
      return value.parts.flatMap(callsOf);
    case 'source':
    case 'step':
    case 'broken':
      return [];
    default:
      return value satisfies never;
  }
}
