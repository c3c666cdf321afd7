/** A short run of the fuzzer; `node test/fuzz/pickles.ts` runs as long as one likes. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test('pickles and PyTorch files that are made, twisted, damaged and cut off break nothing', async () => {
  const fuzzer = new URL('./pickles.ts', import.meta.url).pathname;
  const report = await soak({ fuzzer, seed: 20, count: 500, mostMemory: 500_000_000 });
  expect(report.broken).toEqual([]);
  expect(report.cases).toBe(500);
  expect(report.outcomes.get('read')).toBeGreaterThan(20);
});
