/** What all tensor values have in common, and values that wait for known profiles. */
import { type Span, spanOf } from '../syntax/span.ts';
import type { TensorValue } from './checked.ts';
import { hasProfile } from './curve.ts';
import type { Curve, Value } from './value.ts';

/** What a value that waits for known profiles says of itself. */
export const profiles = 'known profiles';

export function valueHasProfile(value: Value): boolean {
  switch (value.kind) {
    case 'curve':
      return hasProfile(value.curve);
    case 'list':
      return value.items.some(valueHasProfile);
    case 'map':
      return [...value.entries.values()].some(valueHasProfile);
    case 'number':
    case 'boolean':
    case 'word':
    case 'text':
    case 'bytes':
    case 'duration':
      return false;
  }
}

/** What every tensor value has: its span, its share, and whether any operand runs later. */
export function common(
  operands: readonly TensorValue[],
  span: Span,
  share: number | Curve,
): { readonly span: Span; readonly share: number | Curve; readonly later?: string } {
  const later = operands.find((operand) => operand.later !== undefined)?.later;
  return { span: spanOf(span), share, ...(later === undefined ? {} : { later }) };
}

export function signatureOf(value: TensorValue | undefined): Pick<TensorValue, 'signature'> {
  return value?.signature === undefined ? {} : { signature: value.signature };
}

/** What a value is called that is a source or a step as it is. */
export function nameOfValue(value: TensorValue): string | undefined {
  if (value.kind === 'source') return value.source.name;
  return value.kind === 'step' ? value.step.name : undefined;
}
