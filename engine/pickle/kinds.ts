import type { PickleValue } from './value.ts';

export type PickleObject = Exclude<
  PickleValue,
  null | boolean | number | bigint | string | Uint8Array
>;

export function isObject(value: PickleValue): value is PickleObject {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

export function isKind<Kind extends PickleObject['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleObject, { readonly kind: Kind }> {
  return value !== undefined && isObject(value) && value.kind === kind;
}
