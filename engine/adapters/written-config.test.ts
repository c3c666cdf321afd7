import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { boundsOf } from '../checkpoints/inside-folder.ts';
import { configName, readPeftConfig } from './peft-config.ts';
import { writtenConfig } from './written-config.ts';
import { targetNames, writtenNames } from './written-names.ts';

const folder = mkdtempSync(join(tmpdir(), 'mergewright-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('whoever reads the configuration finds every module’s rank, and a scale of 1', async () => {
  const word = fc.constantFrom('q', 'k', 'up', '0', '1', 'a');
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
  const module = fc.record({ name, rank: fc.integer({ min: 1, max: 4 }) });
  const modules = fc.uniqueArray(module, { minLength: 1, maxLength: 9, selector: (of) => of.name });
  await fc.assert(
    fc.asyncProperty(modules, async (written) => {
      const ofModel = written.map((of) => of.name);
      const text = writtenConfig({ modules: written, ofModel, fanInFanOut: false });
      writeFileSync(join(folder, configName), text);
      const { ofModule } = await readPeftConfig(await boundsOf(folder));
      for (const of of written) expect(ofModule(of.name)).toEqual({ rank: of.rank, scale: 1 });
    }),
    { numRuns: 60 },
  );
});

test.each([
  [['m.0.q', 'm.1.q'], ['m.0.q', 'm.1.q', 'm.0.k'], ['q']],
  // A word that other modules have too, or that holds modules, or is a number, would mean more.
  [['m.0.q'], ['m.0.q', 'm.1.q'], ['m.0.q']],
  [['m.q'], ['m.q', 'q.k'], ['m.q']],
  [
    ['net.0', 'net.2'],
    ['net.0', 'net.2'],
    ['net.0', 'net.2'],
  ],
])('%j of %j are meant by %j', (targets, modules, names) => {
  expect(targetNames(new Set(targets), modules)).toEqual(names);
});

test.each([
  [[['h.0.q', 'transformer.h.0.q']], 'h.1.k', 'transformer.h.1.k'],
  [[['model.vision.q', 'vision.q']], 'model.text.k', 'text.k'],
  [[['m.q', 'm.q']], 'm.k', 'm.k'],
  // Adapters that tell different words leave the model’s own.
  [
    [
      ['h.0.q', 'transformer.h.0.q'],
      ['h.1.q', 'h.1.q'],
    ],
    'h.0.k',
    'h.0.k',
  ],
] as const)('by %j, %s is called %s', (pairs, path, name) => {
  const modules = pairs.map(([own, told]) => ({ path: own, told: [told] }));
  expect(writtenNames([...modules, { path, told: [] }])(path)).toBe(name);
});
