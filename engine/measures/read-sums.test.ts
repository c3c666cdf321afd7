import { describe, expect, it } from 'vitest';
import { blockElements } from '../formula/node.ts';
import { total } from '../program/settle.ts';
import { nodeFiles } from '../run/file-access.ts';
import type { Sample, WorkerStart } from '../run/job.ts';
import { inlinePool } from '../run/inline-pool.ts';
import { threadPool } from '../run/thread-pool.ts';
import { settled } from '../run/spread.ts';
import { gap } from './figures/gap.ts';
import { kept } from './figures/kept.ts';
import { signConflict } from './figures/sign-conflict.ts';
import { flowingModels } from './flowing-models.ts';
import { workOf } from './items.ts';
import { PoolFiles } from './pool-files.ts';
import { readWhole } from './read-sums.ts';
import { Study } from './study.ts';
import { stepNamed, workplace } from './test-checkpoints.ts';
import { plus, randomWeights } from './test-references.ts';

const elements = 3 * blockElements + 41;

async function measured(recipe: string) {
  const sizes = { w: elements };
  const base = randomWeights('base', sizes);
  const math = plus(base, randomWeights('math', sizes, 0.1));
  const code = plus(base, randomWeights('code', sizes, 0.1));
  const place = await workplace(
    { base: { weights: base }, math: { weights: math }, code: { weights: code } },
    recipe,
  );
  const step = stepNamed(place, 'final');
  const study = new Study({ step, values: { kind: 'computed' } });
  const changes = flowingModels(step).map(({ who }) => study.change(who));
  study.ask({ law: gap, changes: changes.slice(0, 1) });
  study.ask({ law: kept, changes: changes.slice(0, 1) });
  study.ask({ law: signConflict, changes });
  const files = new PoolFiles(place.checkpoints);
  const [studied] = workOf(study, (operand) => files.place(operand)).items;
  const control = { flags: new SharedArrayBuffer(4), progress: new SharedArrayBuffer(16) };
  const start: WorkerStart = {
    backend: 'wasm',
    files: files.added,
    sliceElements: blockElements,
    control,
  };
  return { item: studied!.item, start, pool: inlinePool(start, nodeFiles()) };
}

describe.each([
  'merge final = ties(base, [math, code], density: 30%)',
  'merge final = ties(base, [math, code], density: 30%, rescale: l1, elect: count)',
  'merge final = dare_ties(base, [math, code], density: 30%, seed: 4)',
])('%s', (recipe) => {
  it('a sample of all blocks, slices and threads give the sums of the whole', async () => {
    const { item, start, pool } = await measured(recipe);
    const whole = { pool, groups: {}, sliceElements: blockElements, residentElements: elements };
    const expected = await readWhole(item, whole);
    expect(expected[0]).toHaveLength(4);
    expect(total(expected[0]!)).toBeGreaterThan(0);
    expect(await readWhole(item, { ...whole, residentElements: 1 })).toEqual(expected);
    const threads = threadPool(2, start);
    expect(await readWhole(item, { ...whole, pool: threads, residentElements: 1 })).toEqual(
      expected,
    );
    await threads.close();

    const sample: Sample = Array.from({ length: 4 }, (_, block) => ({
      first: block * blockElements,
      elements: Math.min(blockElements, elements - block * blockElements),
    }));
    const answer = settled(
      await pool.one({ kind: 'measure', item, groups: {}, sample }),
      'figures',
    );
    expect(answer.blocks[0]!.figures).toEqual(expected);
  });
});

it('draws of a sample are those of its places in the whole', async () => {
  const { item, pool } = await measured(
    'merge final = dare_ties(base, [math, code], density: 30%, seed: 4)',
  );
  const whole = { pool, groups: {}, sliceElements: blockElements, residentElements: elements };
  const expected = await readWhole(item, whole);
  const sample: Sample = [{ first: 2 * blockElements, elements: blockElements }];
  const part = { ...item, elements: blockElements };
  const answer = settled(
    await pool.one({ kind: 'measure', item: part, groups: {}, sample }),
    'figures',
  );
  const keptAt = item.measured.sums.findIndex(({ kind }) => kind === 'kept');
  expect(answer.blocks[0]!.figures[keptAt]).toEqual(expected[keptAt]!.slice(2, 3));
});
