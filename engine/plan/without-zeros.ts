import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';

const known = new WeakMap<TensorTerm, TensorTerm>();

/**
 * A term without the changes that are none: what nothing is added to stays as it is, bit for bit, and is only copied.
 * The same term gives the same one, so that what two others read is still one.
 */
export function withoutZeros(term: TensorTerm): TensorTerm {
  let made = known.get(term);
  if (made === undefined) known.set(term, (made = simplified(term)));
  return made;
}

function simplified(term: TensorTerm): TensorTerm {
  switch (term.kind) {
    case 'tensor':
    case 'zero':
      return term;
    case 'step':
    case 'scaled':
    case 'negated': {
      const inner = withoutZeros(term.term);
      if (inner.kind === 'zero') return inner;
      return inner === term.term ? term : { ...term, term: inner };
    }
    case 'sum':
      return sumWithoutZeros(term);
    case 'call':
      return callWithoutZeros(term);
  }
}

function sumWithoutZeros(term: TensorTerm & { readonly kind: 'sum' }): TensorTerm {
  const { dtype } = term;
  const terms = term.terms
    .map((addend) => {
      const inner = withoutZeros(addend.term);
      return inner === addend.term ? addend : { ...addend, term: inner };
    })
    .filter(({ term: inner }) => inner.kind !== 'zero');
  const [first, second] = terms;
  if (first === undefined) return { kind: 'zero', dtype };
  if (second === undefined && term.terms.length > 1)
    return first.negative ? { kind: 'negated', term: first.term, dtype } : first.term;
  const isSame =
    terms.length === term.terms.length && terms.every((addend, i) => addend === term.terms[i]);
  return isSame ? term : { ...term, terms };
}

/** Of nothing alone, every method makes nothing; what it lays on a base is that base. */
function callWithoutZeros(call: CallTerm): TensorTerm {
  const { dtype } = call;
  const base = call.base && withoutZeros(call.base);
  const inputs = call.inputs.map(withoutZeros);
  if (inputs.every(({ kind }) => kind === 'zero')) return base ?? { kind: 'zero', dtype };
  const isSame = base === call.base && inputs.every((input, i) => input === call.inputs[i]);
  return isSame ? call : { ...call, ...(base === undefined ? {} : { base }), inputs };
}
