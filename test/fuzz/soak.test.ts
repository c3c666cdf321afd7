/** Every way of breaking is seen and named, and the cases after it are examined all the same. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';

const fuzzer = new URL('./sample-broken.ts', import.meta.url).pathname;

test('a soak tells which cases throw, hang, wait, crash, read what is not theirs, and grow', async () => {
  const { cases, outcomes, broken } = await soak({
    fuzzer,
    seed: 4,
    count: 20,
    mostMemory: 350e6,
    patience: 400,
  });
  expect(cases).toBe(20);
  expect(outcomes.get('sound')).toBe(15);
  const whys = new Map(broken.map(({ number, why }) => [number, why]));
  expect([...whys.keys()]).toEqual([3, 5, 7, 9, 11, 13]);
  expect(whys.get(3)).toContain('thrown with seed 4');
  for (const number of [5, 7, 9]) expect(whys.get(number)).toContain('no answer');
  expect(whys.get(11)).toMatch(/readFile of .*canary\.txt/);
  expect(whys.get(13)).toMatch(/took \d+ bytes/);
}, 180_000);
