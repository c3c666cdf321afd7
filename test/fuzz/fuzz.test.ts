/** A short, seeded round of every fuzzer of hostile files; as commands they run as long as one likes. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test.each([
  { name: 'headers', count: 3000 },
  { name: 'indices', count: 300 },
  { name: 'adapters', count: 520 },
  { name: 'outputs', count: 300 },
  { name: 'configs', count: 60 },
])(
  '$count hostile $name break nothing',
  async ({ name, count }) => {
    const fuzzer = new URL(`./${name}.ts`, import.meta.url).pathname;
    const { cases, broken, outcomes } = await soak({ fuzzer, seed: 20, count, mostMemory: 1.5e9 });
    expect(broken).toEqual([]);
    expect(cases).toBe(count);
    // They reach past the first lines of what they try.
    expect(outcomes.size).toBeGreaterThan(5);
  },
  180_000,
);
