import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import type { LogOutputChannel } from 'vscode';
import { expect, test } from 'vitest';
import { Measurer, type Picture } from './measurer.ts';

const path = fileURLToPath(new URL('../../../examples/digits/digits.merge', import.meta.url));

test('where no Node runs, the window itself checks, plans and measures', async () => {
  const measurer = new Measurer({
    program: 'none that could be started',
    log: {} as LogOutputChannel,
    runtime: async () => undefined,
    desk: async () => (await import('../../measure-process/desk.ts')).desk,
  });
  const recipe = { path, text: await readFile(path, 'utf8'), textVersion: 1 };
  const limits = { memory: 256_000_000, threads: 1 };
  const planned = await measurer.plan(recipe, limits);
  expect(planned?.plan?.bytesToRead).toBeGreaterThan(1_000_000);
  const { picture, outcome } = await new Promise<{ picture?: Picture; outcome: string }>((done) => {
    let picture: Picture | undefined;
    measurer.measure(
      { kind: 'measure', recipe, exact: false, ...limits },
      {
        picture: (begun) => (picture = begun),
        tile: () => undefined,
        progress: () => undefined,
        end: (end) => done({ outcome: end, ...(picture === undefined ? {} : { picture }) }),
      },
    );
  });
  expect(outcome).toBe('whole');
  expect(picture?.models.map(({ name }) => name)).toEqual(['low', 'mid', 'high']);
  measurer.dispose();
});
