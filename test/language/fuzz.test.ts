/** A short run of the fuzzer; `node test/language/fuzz.ts` runs as long as one likes. */
import { expect, test } from 'vitest';
import { everyBeginning, fuzz, mangledTexts } from './fuzz.ts';

function* some<Item>(items: Iterable<Item>, count: number): Iterable<Item> {
  let left = count;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}

test('beginnings of real recipes break nothing', async () => {
  const { texts, broken } = await fuzz(everyBeginning(17));
  expect(broken).toEqual([]);
  expect(texts).toBeGreaterThan(400);
});

test('mangled texts break nothing', async () => {
  const { texts, broken } = await fuzz(some(mangledTexts(20), 600));
  expect(broken).toEqual([]);
  expect(texts).toBe(600);
});
