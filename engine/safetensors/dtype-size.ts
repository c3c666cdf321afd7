import type { DType } from '../../grammar/places/signature.ts';

/** Bytes of one element. */
export const dtypeBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const satisfies Record<DType, number>;

export function isDType(word: string): word is DType {
  return Object.hasOwn(dtypeBytes, word);
}

/** Types that other writers of safetensors know and this engine does not read; a message can then say more than "unknown". */
export const unreadTypes: ReadonlySet<string> = new Set([
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'C64',
]);

/** Elements of a shape, or nothing where the count leaves the integers that a double holds exactly. */
export function elementCount(shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Bytes of a tensor, or nothing where the count leaves the integers that a double holds exactly. */
export function tensorBytes(dtype: DType, shape: readonly number[]): number | undefined {
  const count = elementCount(shape);
  if (count === undefined) return undefined;
  const bytes = count * dtypeBytes[dtype];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
