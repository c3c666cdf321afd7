import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stretchOf } from './window.ts';

test('every row in view is in the stretch, and few others are', () => {
  const window = fc.record({
    scroll: fc.integer({ min: 0, max: 20_000 }),
    size: fc.integer({ min: 1, max: 1000 }),
    each: fc.integer({ min: 5, max: 120 }),
    count: fc.integer({ min: 0, max: 300 }),
    step: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(window, (at) => {
      const { first, end } = stretchOf(at);
      const { scroll, size, each, count, step } = at;
      for (let row = 0; row < count; row++) {
        const isInView = (row + 1) * each > scroll && row * each < scroll + size;
        if (isInView) expect(row >= first && row < end).toBe(true);
      }
      expect(end - first).toBeLessThanOrEqual(size / each + 2 * step + 1);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
    }),
  );
});
