/** The words for storage types, as a recipe writes them. */
import type { DType } from '../places/signature.ts';

const dtypes: ReadonlyMap<string, DType> = new Map([
  ['bf16', 'BF16'],
  ['f16', 'F16'],
  ['f32', 'F32'],
]);

export const dtypeWords: readonly string[] = [...dtypes.keys()];

export function dtypeOfWord(word: string): DType | undefined {
  return dtypes.get(word);
}

/** The recipe's word for a type of a file: `bf16` for BF16. */
export function wordOfDtype(dtype: DType): string {
  return dtype.toLowerCase();
}
