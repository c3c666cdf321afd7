import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import { methods } from '../methods/catalogue.ts';
import type { SourceTensor } from './donor.ts';

/** A tensor of a source, and what it is multiplied by, in f64. */
export interface Summand {
  readonly tensor: SourceTensor;
  readonly coefficient: number;
}

/**
 * A term as a sum of what sources have, each tensor once, in reading order; undefined where it is none. What is taken away again is
 * left out.
 */
export function summandsOf(term: TensorTerm): readonly Summand[] | undefined {
  const found = new Map<string, Summand>();
  if (!addSummands(term, 1, found)) return undefined;
  return [...found.values()].filter(({ coefficient }) => coefficient !== 0);
}

function addSummands(term: TensorTerm, factor: number, found: Map<string, Summand>): boolean {
  switch (term.kind) {
    case 'tensor': {
      const { source, name } = term;
      const key = JSON.stringify([source, name]);
      const before = found.get(key)?.coefficient ?? 0;
      found.set(key, { tensor: { source, name }, coefficient: before + factor });
      return true;
    }
    case 'zero':
      return true;
    case 'step':
      return addSummands(term.term, factor, found);
    case 'negated':
      return addSummands(term.term, -factor, found);
    case 'scaled':
      return addSummands(term.term, term.divide ? factor / term.by : factor * term.by, found);
    case 'sum':
      return term.terms.every(({ negative, term: addend }) =>
        addSummands(addend, negative ? -factor : factor, found),
      );
    case 'call': {
      const coefficients = coefficientsOf(term);
      return (
        coefficients !== undefined &&
        term.inputs.every((input, index) =>
          addSummands(input, factor * coefficients[index]!, found),
        )
      );
    }
  }
}

function coefficientsOf({ method, compat, base, inputs, ...settings }: CallTerm) {
  const { coefficients } = methods.get(method) ?? {};
  if (coefficients === undefined || compat !== 'paper' || base !== undefined) return undefined;
  return coefficients({ ...settings, inputs: inputs.length });
}
