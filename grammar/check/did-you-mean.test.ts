import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editsBetween, nearest } from './did-you-mean.ts';

it.each<[string, string[], string | undefined]>([
  ['tise', ['ties', 'lerp', 'trim'], 'ties'],
  ['densty', ['density', 'weight'], 'density'],
  ['Density', ['density', 'weight'], 'density'],
  ['codex', ['code', 'chat'], 'code'],
  ['x', ['t', 'y'], undefined],
  ['elephant', ['ties'], undefined],
])('%s among %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

it('counts an exchange of neighbours as one edit', () => {
  expect(editsBetween('tise', 'ties')).toBe(1);
  expect(editsBetween('abc', 'cab')).toBe(2);
});

it('is a distance', () => {
  const word = fc.string({ maxLength: 6 });
  fc.assert(
    fc.property(word, word, (one, other) => {
      expect(editsBetween(one, other)).toBe(editsBetween(other, one));
      expect(editsBetween(one, other) === 0).toBe(one === other);
      expect(editsBetween(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
    }),
  );
});
