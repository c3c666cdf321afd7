import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apart, besides, cut, endOf, type ByteStretch } from './byte-stretches.ts';

const total = 40;
const stretch = fc
  .tuple(fc.nat(total - 1), fc.integer({ min: 1, max: 12 }))
  .map(([at, length]): ByteStretch => ({ at, byteLength: Math.min(length, total - at) }));

/** How often each byte is in one of them. */
function counts(stretches: Iterable<ByteStretch>): readonly number[] {
  const found = new Array<number>(total).fill(0);
  for (const one of stretches) for (let at = one.at; at < endOf(one); at++) found[at]!++;
  return found;
}

test('what lies apart and what is left beside it are each byte once', () => {
  fc.assert(
    fc.property(fc.array(stretch), fc.integer({ min: 1, max: total }), (any, atMost) => {
      const kept = apart(any);
      const parts = [...cut(besides(total, kept), atMost)];
      expect(counts([...kept, ...parts])).toEqual(new Array<number>(total).fill(1));
      expect(parts.every(({ byteLength }) => byteLength <= atMost)).toBe(true);
    }),
  );
});

test('nothing is left of nothing', () => {
  expect(besides(0, [])).toEqual([]);
});
