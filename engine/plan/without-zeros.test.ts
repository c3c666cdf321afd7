import { expect, test } from 'vitest';
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import { withoutZeros } from './without-zeros.ts';

const dtype = 'F32';
const a: TensorTerm = { kind: 'tensor', source: 'a', name: 'w', dtype };
const b: TensorTerm = { kind: 'tensor', source: 'b', name: 'w', dtype };
const zero: TensorTerm = { kind: 'zero', dtype };

function sum(...terms: readonly (TensorTerm | readonly ['-', TensorTerm])[]): TensorTerm {
  return {
    kind: 'sum',
    dtype,
    terms: terms.map((term) =>
      'kind' in term ? { negative: false, term } : { negative: true, term: term[1] },
    ),
  };
}

function scaled(term: TensorTerm): TensorTerm {
  return { kind: 'scaled', by: 0.5, divide: false, term, dtype };
}

function ties(base: TensorTerm | undefined, ...inputs: readonly TensorTerm[]): CallTerm {
  return {
    kind: 'call',
    method: 'ties',
    call: 'm.1',
    tensor: 'w',
    ...(base === undefined ? {} : { base }),
    inputs,
    settings: {},
    perInput: {},
    compat: 'paper',
    dtype,
  };
}

const step = (term: TensorTerm): TensorTerm => ({ kind: 'step', step: 's', term, dtype });

test.each<readonly [string, TensorTerm, TensorTerm]>([
  ['base + 0.5 * 0', sum(a, scaled(zero)), a],
  ['base - 0', sum(a, ['-', zero]), a],
  ['0 - a', sum(zero, ['-', a]), { kind: 'negated', term: a, dtype }],
  ['a + 0 - b', sum(a, zero, ['-', b]), sum(a, ['-', b])],
  ['0 + 0', sum(zero, zero), zero],
  ['a step of nothing', sum(a, step(scaled(zero))), a],
  ['a step of a sum', step(sum(a, zero)), step(a)],
  ['ties(a, [0, 0])', ties(a, zero, scaled(zero)), a],
  ['ties([0])', ties(undefined, zero), zero],
  ['ties(a, [b, 0])', ties(sum(a, zero), b, zero), ties(a, b, zero)],
])('%s', (_, term, expected) => {
  expect(withoutZeros(term)).toEqual(expected);
});

test('a term with nothing to leave out is the same object, and so is one that is met again', () => {
  const whole = ties(step(sum(a, ['-', b])), scaled(b));
  expect(withoutZeros(whole)).toBe(whole);
  const shared = step(sum(a, zero));
  const twice = withoutZeros(sum(shared, shared));
  expect(twice).toMatchObject({ terms: [{ term: step(a) }, { term: step(a) }] });
  if (twice.kind === 'sum') expect(twice.terms[0]!.term).toBe(twice.terms[1]!.term);
});
