/** The bound values of a step by the text that wrote them. */
import type { BoundRule, MethodCall, Step } from '../../grammar/check/checked.ts';
import type { Value } from '../../grammar/check/value.ts';
import type { Span } from '../../grammar/syntax/span.ts';

export interface WrittenValue {
  readonly value: Value;
  /** The rule that holds it; absent for the call's own arguments. */
  readonly rule?: BoundRule;
}

/** The smallest bound value whose text holds a span; undefined where none does. */
export function valueAround(step: Step, span: Span): WrittenValue | undefined {
  const { value } = step;
  const written: WrittenValue[] = value.kind === 'call' ? callValues(value.call) : [];
  for (const rule of step.rules) {
    for (const action of rule.actions) {
      if (action.kind === 'set') written.push({ value: action.value, rule });
    }
  }
  return written
    .flatMap((one) => opened(one))
    .filter(({ value: of }) => of.span.start <= span.start && span.end <= of.span.end)
    .sort((one, other) => size(one) - size(other))[0];
}

function callValues({ args, inputs }: MethodCall): WrittenValue[] {
  const own = inputs.flatMap((input) => [...(input.own?.values() ?? [])]);
  return [...args.values(), ...own].map((value) => ({ value }));
}

const size = ({ value: { span } }: WrittenValue): number => span.end - span.start;

function opened(written: WrittenValue): readonly WrittenValue[] {
  const { value } = written;
  const inner =
    value.kind === 'list' ? value.items : value.kind === 'map' ? [...value.entries.values()] : [];
  return [written, ...inner.flatMap((one) => opened({ ...written, value: one }))];
}
