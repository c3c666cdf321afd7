import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as sets from './word-set.ts';
import type { WordSet } from './word-set.ts';

/** A set and one of its words. */
const member = fc
  .array(
    fc.tuple(fc.nat(0xffffffff), fc.oneof(fc.constant(0), fc.nat(70000), fc.nat(0xffffffff))),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .chain((starts) => {
    const spans = starts.map(([from, size]) => [from, Math.min(0xffffffff, from + size)] as const);
    return fc.tuple(fc.constant(spans), fc.nat(spans.length - 1), fc.nat(0xffffffff), fc.nat(16));
  })
  .map(([spans, which, random, trailing]) => {
    const [from, to] = spans[which]!;
    const unit = 2 ** trailing;
    const near = from + (random % (to - from + 1));
    const word = near - (near % unit);
    const set = sets.wordSet(
      spans.map(([low, high]) => [low - (low % unit), high]),
      { trailing },
    );
    return { set, word };
  });

function contains({ spans, trailing, q }: WordSet, word: number): boolean {
  const isMultiple = trailing === 32 ? word === 0 : word % 2 ** trailing === 0;
  return (
    spans.some(([from, to]) => from <= word && word <= to) &&
    isMultiple &&
    isMultipleAsFloat(word, q)
  );
}

function isMultipleAsFloat(word: number, q: number): boolean {
  const value = new Float32Array(new Uint32Array([word]).buffer)[0]!;
  return !Number.isFinite(value) || value === 0 || Number.isInteger(value / 2 ** q);
}

const signed = (word: number): number => word | 0;

describe('the set of results holds every result', () => {
  test('a word of the set is in it', () => {
    fc.assert(fc.property(member, ({ set, word }) => contains(set, word)));
  });

  type Binary = [string, (a: WordSet, b: WordSet) => WordSet, (a: number, b: number) => number];
  test.each<Binary>([
    ['and', sets.and, (a, b) => a & b],
    ['or', sets.or, (a, b) => a | b],
    ['xor', sets.xor, (a, b) => a ^ b],
    ['add', sets.addWords, (a, b) => a + b],
    ['subtract', sets.subtractWords, (a, b) => a - b],
    ['multiply', sets.multiplyWords, Math.imul],
    ['least', (a, b) => sets.extremeUnsigned(a, b, Math.min), Math.min],
    ['greatest', (a, b) => sets.extremeUnsigned(a, b, Math.max), Math.max],
    [
      'least signed',
      (a, b) => sets.extremeSigned(a, b, Math.min),
      (a, b) => Math.min(signed(a), signed(b)),
    ],
    [
      'greatest signed',
      (a, b) => sets.extremeSigned(a, b, Math.max),
      (a, b) => Math.max(signed(a), signed(b)),
    ],
  ])('%s', (_, ofSets, ofWords) => {
    const masks = [0x7fffffff, 0x80000000, 0xffff0000, 0x7fff, 0x8000, 1, 0, 0xff00];
    const constant = fc
      .constantFrom(...masks)
      .map((word) => ({ set: sets.singleWord(word), word }));
    const either = fc.oneof(member, constant);
    fc.assert(
      fc.property(either, either, (a, b) => {
        const word = new Uint32Array([ofWords(a.word, b.word)])[0]!;
        expect(contains(ofSets(a.set, b.set), word)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  type Shift = [string, (a: WordSet, count: number) => WordSet, (a: number, n: number) => number];
  test.each<Shift>([
    ['left', sets.shiftLeft, (a, n) => a << n],
    ['right', sets.shiftRight, (a, n) => a >>> n],
    ['right, signed', sets.shiftRightSigned, (a, n) => a >> n],
  ])('shift %s', (_, ofSets, ofWords) => {
    fc.assert(
      fc.property(member, fc.integer({ min: 1, max: 31 }), ({ set, word }, count) => {
        expect(contains(ofSets(set, count), ofWords(word, count) >>> 0)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('union, and the signs', () => {
    fc.assert(
      fc.property(member, member, (a, b) => {
        expect(contains(sets.union(a.set, b.set), a.word)).toBe(true);
        expect(contains(sets.withoutSign(a.set), a.word & 0x7fffffff)).toBe(true);
        expect(contains(sets.flippedSign(a.set), (a.word ^ 0x80000000) >>> 0)).toBe(true);
        const both = sets.within(a.set, b.set.spans);
        if (contains(b.set, a.word)) expect(contains(both, a.word)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
