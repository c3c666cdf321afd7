import type { Formula } from '../../formula/node.ts';
import { doubtIn, trustedRange, type TrustedRange } from './range.ts';

interface Remembered {
  readonly uniforms: Uint32Array;
  readonly result: TrustedRange | { readonly refused: string };
}

export interface RangeMemory {
  trustedRange(formula: Formula, uniforms: Uint32Array): Remembered['result'];
}

/**
 * Trusted ranges of formulas as they come by, slice after slice. A search walks the formula some twenty times; a range that held
 * for the tensor before mostly holds for the next one's scalars too, which one walk proves.
 */
export function rangeMemory(): RangeMemory {
  const last = new Map<string, Remembered>();
  return {
    trustedRange(formula, uniforms) {
      const known = last.get(formula.key);
      if (known !== undefined) {
        if (known.uniforms.every((word, at) => word === uniforms[at])) return known.result;
        const { result } = known;
        if (!('refused' in result) && doubtIn(formula, uniforms, result) === undefined) {
          last.set(formula.key, { uniforms: uniforms.slice(), result });
          return result;
        }
      }
      const result = trustedRange(formula, uniforms);
      last.set(formula.key, { uniforms: uniforms.slice(), result });
      return result;
    },
  };
}
