import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieceBytes } from '../safetensors/pieces.ts';
import { spendMemory, workerBytes } from './budget.ts';

const demands = fc.record({
  memory: fc.integer({ min: 1_000_000, max: 2_000_000_000 }),
  threads: fc.integer({ min: 1, max: 64 }),
  operands: fc.integer({ min: 1, max: 20 }),
  histograms: fc.integer({ min: 0, max: 8 }),
  draws: fc.integer({ min: 0, max: 20 }),
  besides: fc.integer({ min: 0, max: 100_000_000 }),
  narrowest: fc.constantFrom(1, 2),
});

test('what is spent fits, and slices are whole pieces of every output', () => {
  fc.assert(
    fc.property(demands, (demand) => {
      const spent = spendMemory(demand);
      if (!spent.ok) return;
      const { workers, sliceElements, residentBytes } = spent.value;
      const stretch = Math.max(4 * sliceElements, residentBytes);
      expect(workers * workerBytes(demand, stretch)).toBeLessThanOrEqual(demand.memory);
      expect(workers).toBeLessThanOrEqual(demand.threads);
      expect((sliceElements * demand.narrowest) % pieceBytes).toBe(0);
    }),
  );
});

test('what is refused says how much is enough, and less is not', () => {
  fc.assert(
    fc.property(demands, (demand) => {
      const spent = spendMemory({ ...demand, memory: 0 });
      const enough = spent.ok ? 0 : Number(/--memory (\d+)MiB/.exec(spent.fault.help)![1]);
      expect(spendMemory({ ...demand, memory: enough * 1048576 }).ok).toBe(true);
      expect(spendMemory({ ...demand, memory: (enough - 1) * 1048576 - 1 }).ok).toBe(false);
    }),
  );
});
