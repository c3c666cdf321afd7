/** One recipe, one digest: whatever computes it, on however many threads, in however little memory. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeReport } from '../../engine/output/report.ts';
import type { RunOptions } from '../../engine/run/options.ts';
import { testFolder, writeRecipe } from '../kit/merge.ts';
import { tensor, type TestModel } from '../kit/model.ts';
import { runAll, type Outputs } from '../kit/outputs.ts';
import { stepped, stored, tiny, weights, type Stored } from '../kit/values.ts';

const mebi = 1 << 20;
const sliceElements = 4 * 524288;

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
output cut   to "./out/cut"   { dtype = f32 }
`;

const wasm: Partial<RunOptions> = { backend: 'wasm' };

describe('hard inputs', () => {
  const folder = testFolder();
  let recipe: string;
  let first: Outputs;
  beforeAll(async () => {
    recipe = writeRecipe(folder.path, hardModels(), hardRecipe);
    first = await runAll(recipe, wasm);
  });
  afterAll(() => folder[Symbol.dispose]());

  const ways: readonly (readonly [string, Partial<RunOptions>])[] = [
    ['the oracle', { backend: 'oracle' }],
    ['one thread', { ...wasm, threads: 1 }],
    ['two threads', { ...wasm, threads: 2 }],
    ['64 MB', { ...wasm, threads: 2, memory: 64_000_000 }],
    ['1 GB', { ...wasm, threads: 2, memory: 1_000_000_000 }],
    ['the least memory', { ...wasm, memory: 18_000_000 }],
  ];
  test.each(ways)('%s gives the same files', async (_, options) => {
    const { fingerprints } = await runAll(recipe, options);
    expect(fingerprints).toEqual(first.fingerprints);
  });

  test('the GPU gives the same files, and a reason for each slice that it did not compute', async () => {
    const { fingerprints, reports } = await runAll(recipe, { backend: 'gpu' });
    expect(fingerprints).toEqual(first.fingerprints);
    console.log(JSON.stringify(Object.values(reports).map((r) => r.backends), null, 1));
  });
});
