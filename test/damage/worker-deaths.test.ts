/** Runs whose worker threads die: they start again, and the bytes are those of an undisturbed run. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import {
  dyingWorker,
  type DyingOrders,
  type DyingStart,
} from '../../engine/run/test-dying-worker.ts';
import { threadPool } from '../../engine/run/thread-pool.ts';
import { plainRun, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { stepped, stored, weights } from '../kit/values.ts';

/** In so little memory the large tensor is shared by all threads, in passes of three slices. */
const options = { ...plainRun, threads: 2, memory: 28_000_000 } as const;

const folder = testFolder();
let recipe: string;
let expected: string;

beforeAll(async () => {
  const large = weights(3 * 524_288 - 99, 1);
  const model = (seed: number) => ({
    a: stored(stepped(weights(4097, 2), seed), 'BF16'),
    b: stored(stepped(large, seed), 'F32'),
    c: stored(stepped(weights(4097, 3), seed), 'BF16'),
  });
  const models = { base: model(1), x: model(2), y: model(3) };
  recipe = writeRecipe(folder.path, models, 'merge m = ties(base, [x, y])\noutput m to "./out"');
  expected = await digestWith();
});
afterAll(() => folder[Symbol.dispose]());

type Dying = Pick<DyingOrders, 'deaths' | 'at'>;

async function run(dying?: Dying) {
  if (dying === undefined) return runRecipe(recipe, options);
  using marks = testFolder();
  const orders: DyingOrders = { of: 'exit', marks: marks.path, ...dying };
  const pool: typeof threadPool = (size, start) =>
    threadPool(size, { ...start, orders } as DyingStart, dyingWorker);
  const result = await runRecipe(recipe, options, machineCompute(options, { threadPool: pool }));
  expect(readdirSync(marks.path).length).toBeGreaterThan(0);
  return result;
}

async function digestWith(dying?: Dying): Promise<string> {
  const outcome = valueOf(await run(dying));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome.outputs[0]!.report.weightsDigest;
}

test.each(['compute', 'pass', 'map'] as const)(
  'a thread dies after a job of the kind %s, before it says so',
  async (at) => {
    expect(await digestWith({ deaths: 1, at })).toBe(expected);
  },
);

test('threads that die again and again are a fault of the machine', async () => {
  const result = await run({ deaths: 99, at: 'pass' });
  expect(result).toMatchObject({ ok: false, fault: { code: 'MW6201', exit: 'machine' } });
});
