/** The words for storage types, as a recipe writes them. */
import type { DType } from '../places/signature.ts';

const dtypes: ReadonlyMap<string, DType> = new Map([
  ['bf16', 'BF16'],
  ['f16', 'F16'],
  ['f32', 'F32'],
  ['f64', 'F64'],
  ['f8_e4m3', 'F8_E4M3'],
  ['f8_e5m2', 'F8_E5M2'],
]);

export const dtypeWords: readonly string[] = [...dtypes.keys()];

export function dtypeOfWord(word: string): DType | undefined {
  return dtypes.get(word);
}

/** The recipe's word for a type of a file: `bf16` for BF16. */
export function wordOfDtype(dtype: DType): string {
  return dtype.toLowerCase();
}
