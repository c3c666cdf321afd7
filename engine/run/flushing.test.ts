import { expect, test } from 'vitest';
import { startFlushing } from './flushing.ts';

const soon = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

test('what is written reaches the disk while the run goes on, and no flush outlives its end', async () => {
  let open = 0;
  let flushes = 0;
  const flushing = startFlushing([
    {
      async flushSoFar() {
        open++;
        await soon(30);
        open--;
        flushes++;
      },
    },
  ]);
  await soon(400);
  await flushing.end();
  expect(open).toBe(0);
  expect(flushes).toBeGreaterThan(0);
  const then = flushes;
  await soon(200);
  expect(flushes).toBe(then);
});

test('a flush that fails is told at the end, once and for all', async () => {
  let flushes = 0;
  const flushing = startFlushing([
    {
      async flushSoFar() {
        flushes++;
        throw new Error('the disk is gone');
      },
    },
  ]);
  await soon(400);
  await expect(flushing.end()).rejects.toThrow('the disk is gone');
  expect(flushes).toBe(1);
});
