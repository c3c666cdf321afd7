import type { TensorTerm } from '../../grammar/check/term.ts';
import { isComputed } from '../formula/derived.ts';

/** Whether every tensor that the term reads is of a type that is computed with. */
export function areComputed(term: TensorTerm): boolean {
  switch (term.kind) {
    case 'tensor':
      return isComputed(term.dtype);
    case 'zero':
      return true;
    case 'sum':
      return term.terms.every((addend) => areComputed(addend.term));
    case 'scaled':
    case 'negated':
    case 'step':
      return areComputed(term.term);
    case 'call':
      return (term.base === undefined || areComputed(term.base)) && term.inputs.every(areComputed);
  }
}
