/** One recipe, one digest: whatever computes it, on however many threads, in however little memory. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import type { TestModel } from '../kit/model.ts';
import { runAll, type Outputs } from '../kit/outputs.ts';
import { pageGpu, panelLine, panelRun } from '../kit/panel-line.ts';
import { stepped, stored, tiny, weights, type Stored } from '../kit/values.ts';

/** Three models of one shape, each in a type of its own, with all that makes arithmetic hard. */
function hardModels(): Readonly<Record<string, TestModel>> {
  const types: readonly (readonly [string, Stored])[] = [
    ['base', 'F32'],
    ['x1', 'BF16'],
    ['x2', 'F16'],
  ];
  const odd = weights(65_537, 1);
  const rows = weights(37 * 11, 2);
  return Object.fromEntries(
    types.map(([name, dtype], seed) => [
      name,
      {
        'a.empty': stored(new Float32Array(0), dtype, [0, 5]),
        'b.ordinary': stored(seed === 0 ? odd : stepped(odd, seed), dtype, [65_537]),
        'c.rows': stored(seed === 0 ? rows : stepped(rows, seed), dtype, [37, 11]),
        'd.scalar': stored(Float32Array.of(seed === 0 ? 0.5 : -0.25 * seed), dtype, []),
        'e.subnormal': tiny(2049, dtype, 3 + seed),
        'f.zeros': stored(new Float32Array(5).fill(seed === 1 ? -0 : 0), dtype),
        'g.same': stored(Float32Array.of(1, -1, 2, -2, 0, -0, 3), dtype),
        'h.positions': { dtype: 'I32', shape: [3], words: Uint32Array.of(0, 1, 2) },
      },
    ]),
  );
}

/** Every method that sums, sorts or draws, each reading the steps above it. */
const hardRecipe = `
merge blend = ties(base, [x1, x2], density: 30%, scope: whole, weight: [1, 0.75])
merge sum = task_arithmetic(base, [x1, x2], weight: [0.7, 0.4], scale: 1.25)
merge arc = slerp(blend, sum, t: curve(0.3, 0.6))
merge cut = ties(base, [arc, x2], density: 50%, compat: mergekit) {
  at "d.scalar" { density = 100% }
}
merge final = dare_ties(base, [cut, x1], density: 60%, seed: 3)
output final to "./out/final" { dtype = bf16, shards = 64 kB }
output blend to "./out/blend" { dtype = f16 }
output sum   to "./out/sum"   { dtype = f32 }
`;

type Way = Parameters<typeof runAll>[1];

describe('subnormals, zeros of both signs, exact ties, odd sizes, three types', () => {
  const folder = testFolder();
  let recipe: string;
  let first: Outputs;
  beforeAll(async () => {
    recipe = writeRecipe(folder.path, hardModels(), hardRecipe);
    first = await runAll(recipe, { backend: 'wasm' });
  });
  afterAll(() => folder[Symbol.dispose]());

  test.each<readonly [string, Way]>([
    ['the oracle', { backend: 'oracle' }],
    ['one thread', { threads: 1 }],
    ['two threads', { threads: 2 }],
    ['two threads in 64 MB', { threads: 2, memory: 64_000_000 }],
    ['two threads in 1 GB', { threads: 2, memory: 1_000_000_000 }],
    ['the least memory', { memory: 12_700_000 }],
  ])('%s: the same files, and the same seen of them', async (_, way) => {
    const { fingerprints, seen } = await runAll(recipe, way);
    expect(fingerprints).toEqual(first.fingerprints);
    expect(seen).toEqual(first.seen);
  });

  test('the GPU: the same files, and a reason for the one slice that it gave away', async () => {
    const { fingerprints, reports, seen } = await runAll(recipe, { backend: 'gpu' });
    expect(fingerprints).toEqual(first.fingerprints);
    expect(seen).toEqual(first.seen);
    const reason = 'values outside the range in which the device is exact';
    for (const { backends } of Object.values(reports)) {
      // Six tensors of one slice; the empty one has none, integers are copied.
      expect(backends).toEqual([
        {
          backend: 'gpu',
          slices: 5,
          device: expect.stringContaining('SwiftShader'),
          moved: [{ slices: 1, reason }],
        },
        { backend: 'wasm', slices: 1 },
      ]);
    }
  });

  test('the panel, with WebAssembly: the same files', async () => {
    const { fingerprints, reports, seen } = await runAll(
      recipe,
      { threads: 2 },
      panelRun({ backend: 'wasm' }),
    );
    expect(fingerprints).toEqual(first.fingerprints);
    expect(seen).toEqual(first.seen);
    for (const { backends } of Object.values(reports))
      expect(backends).toEqual([{ backend: 'wasm', slices: 6, host: 'panel' }]);
  });

  test("the panel's GPU: the same files, and the one slice that it gave away computed there too", async () => {
    const line = panelLine({ gpu: await pageGpu() });
    const { fingerprints, reports } = await runAll(recipe, {}, panelRun({ backend: 'gpu' }, line));
    expect(fingerprints).toEqual(first.fingerprints);
    for (const { backends } of Object.values(reports)) {
      expect(backends).toMatchObject([
        {
          backend: 'gpu',
          slices: 5,
          host: 'panel',
          device: expect.stringContaining('SwiftShader'),
        },
        { backend: 'wasm', slices: 1, host: 'panel' },
      ]);
    }
  });

  test('other names for steps and models: the same files', async () => {
    const renamed = (text: string): string =>
      text
        .replace(/\bbase\b/g, 'origin')
        .replace(/\bx(\d)\b/g, 'expert_$1')
        .replace(/\b(blend|sum|arc|cut|final)\b(?!")/g, 'my_$1');
    const models = Object.entries(hardModels()).map(
      ([name, model]) => [renamed(name), model] as const,
    );
    using other = testFolder();
    const path = writeRecipe(other.path, Object.fromEntries(models), renamed(hardRecipe));
    const { fingerprints } = await runAll(path, {});
    expect(fingerprints).toEqual(first.fingerprints);
  });

  test('no backend at all: the time is taken and nothing is written', async () => {
    using other = testFolder();
    const path = writeRecipe(other.path, hardModels(), hardRecipe);
    const before = readdirSync(other.path, { recursive: true }).sort();
    const outcome = valueOf(await runRecipe(path, { backend: 'none' }));
    expect(outcome).toMatchObject({ kind: 'done', outputs: [] });
    expect(readdirSync(other.path, { recursive: true }).sort()).toEqual(before);
  });
});

describe('a tensor larger than what stays resident, and than the whole budget', () => {
  const elements = 2_300_009;
  const least = 9_100_000;
  const folder = testFolder();
  let recipe: string;
  let first: Outputs;
  beforeAll(async () => {
    const base = weights(elements, 5);
    recipe = writeRecipe(
      folder.path,
      { base: { w: stored(base, 'F32') }, x: { w: stored(stepped(base, 6), 'F32') } },
      `merge cut = ties(base, [x], density: 30%, compat: mergekit)
       merge arc = slerp(cut, x, t: 0.3)
       output arc to "./out/arc" { dtype = bf16 }`,
    );
    first = await runAll(recipe, { memory: 256_000_000 });
  });
  afterAll(() => folder[Symbol.dispose]());

  test('it is that large', () => {
    expect(elements * 4).toBeGreaterThan(8 << 20);
    expect(elements * 4).toBeGreaterThan(least);
  });

  test.each<readonly [string, Way, number]>([
    ['one thread, less memory than the tensor', { memory: least }, 5],
    ['one thread in 64 MB', { threads: 1, memory: 64_000_000 }, 2],
    ['two threads in 64 MB', { threads: 2, memory: 64_000_000 }, 2],
    ['two threads in 1 GB', { threads: 2, memory: 1_000_000_000 }, 2],
    ['the oracle', { backend: 'oracle' }, 2],
  ])('%s: the same files, and the same seen of them', async (_, way, slices) => {
    const { fingerprints, reports, seen } = await runAll(recipe, way);
    expect(fingerprints).toEqual(first.fingerprints);
    expect(seen).toEqual(first.seen);
    expect(reports.arc!.backends).toMatchObject([{ slices }]);
  });

  test('the panel, with WebAssembly: the same files, in messages of bounded size and number', async () => {
    const line = panelLine();
    const options = { memory: 256_000_000 };
    const { fingerprints } = await runAll(recipe, options, panelRun({ backend: 'wasm' }, line));
    expect(fingerprints).toEqual(first.fingerprints);
    expect(line.most.bytes).toBe(1 << 20);
    expect(line.most.ahead).toBe(4);
    expect(line.isClosed()).toBe(true);
  });

  test('the GPU: the same files, and every slice its own', async () => {
    const { fingerprints, reports } = await runAll(recipe, { backend: 'gpu' });
    expect(fingerprints).toEqual(first.fingerprints);
    expect(reports.arc!.backends).toEqual([
      { backend: 'gpu', slices: 2, device: expect.stringContaining('SwiftShader') },
    ]);
  });
});
