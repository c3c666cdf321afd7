/** Runs that write adapters: the same bytes in every way, after an end in the middle, and what ends them. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLocalAdapter } from '../../engine/adapters/open-adapter.ts';
import { readWeightsDigest } from '../../engine/checkpoints/read-weights-digest.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import { runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { tensor, type TestModel } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { panelRun } from '../kit/panel-line.ts';
import { base, filled, k0, prelude, q1, shapes, writeAdapters } from '../kit/written-adapter.ts';

describe('bytes', () => {
  const recipe = `${prelude}merge pair = to_lora(0.6 * style + 0.4 * hero)
merge small = to_lora(0.6 * style + 0.4 * hero, rank: 3)
merge three = to_lora(ties([style, hero], density: 40%), rank: 4)
merge change = to_lora(math - base, rank: 3)
output pair to "./pair"
output small to "./small"
output three to "./three"
output change to "./change" { dtype = bf16 }`;

  test('are the same with threads and in little memory, on other backends and in the panel', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const path = writeRecipe(folder.path, { base, math: filled(90) }, recipe);
    const { fingerprints, seen } = await runAll(path, {});
    for (const [options, compute] of [
      [{ threads: 2 }],
      [{ backend: 'oracle' }],
      [{ memory: 24_000_000 }],
      [{ backend: 'gpu' }],
      [{}, panelRun({ backend: 'wasm' })],
    ] as const) {
      const other = await runAll(path, options, compute);
      expect(other.fingerprints).toEqual(fingerprints);
      expect(other.seen).toEqual(seen);
      if (!('backend' in options) || options.backend !== 'gpu') continue;
      const moved = { slices: 5, reason: 'the factors of an adapter are made on the processor' };
      expect(other.reports['change']!.backends[0]).toMatchObject({ slices: 0, moved: [moved] });
    }
  });

  test('are those whose digest is told', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const path = writeRecipe(folder.path, { base, math: filled(90) }, recipe);
    const { reports } = await runAll(path, {});
    for (const [name, { weightsDigest }] of Object.entries(reports)) {
      const adapter = await openLocalAdapter(join(folder.path, name));
      expect(valueOf(await readWeightsDigest(adapter))).toBe(weightsDigest);
    }
  });

  test('are the same after a run that ended in the middle', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const path = writeRecipe(folder.path, { base, math: filled(90) }, recipe);
    const { fingerprints, reports } = await runAll(path, {});
    using other = testFolder();
    writeAdapters(other.path);
    const again = writeRecipe(other.path, { base, math: filled(90) }, recipe);
    let jobs = 0;
    const falling = watched(() => {
      if (++jobs > 9) throw new Error('the engine fell over');
    });
    await expect(runRecipe(again, {}, falling)).rejects.toThrow('the engine fell over');
    let made = 0;
    const resumed = await runAll(
      again,
      { resume: true },
      watched(() => void made++),
    );
    const all = Object.values(reports).flatMap(({ modules }) => modules!).length;
    expect(made).toBeLessThanOrEqual(all - 8);
    for (const name of Object.keys(fingerprints)) {
      expect(resumed.fingerprints[name]!.weightsDigest).toBe(fingerprints[name]!.weightsDigest);
      expect(resumed.reports[name]!.modules).toEqual(reports[name]!.modules);
    }
  });

  test('are not made where nothing is computed, and what has no number has no factors', async () => {
    using folder = testFolder();
    const noNumbers = (name: typeof k0): TestModel[string] =>
      tensor(new Float32Array(base[name]!.words.length).fill(Number.NaN), 'F32', shapes[name]);
    const math = { ...filled(90), [k0]: noNumbers(k0), [q1]: noNumbers(q1) };
    const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
    const path = writeRecipe(folder.path, { base, math }, text);
    const timed = valueOf(await runRecipe(path, { backend: 'none' }));
    expect(timed.kind).toBe('done');
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
    const result = await runRecipe(path);
    expect(result.ok ? undefined : result.fault.code).toBe('MW5001');
    expect(result.ok ? undefined : result.fault.message).toContain(
      'layers.0.self_attn.k_proj.lora_A.weight of small',
    );
    const passed = valueOf(await runRecipe(path, { allowNonFinite: true }));
    if (passed.kind !== 'done') throw new Error(passed.kind);
    const { report } = passed.outputs[0]!;
    expect(report.modules!.find(({ name }) => name.includes('0.self_attn.k_proj'))).toMatchObject({
      norm: null,
      captured: null,
    });
  });

  test('of a matrix that memory cannot hold are refused before the first', async () => {
    using folder = testFolder();
    const large = (value: number): TestModel => ({
      'model.layers.0.mlp.up_proj.weight': tensor(
        new Float32Array(1 << 20).fill(value),
        'BF16',
        [1024, 1024],
      ),
    });
    const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
    const path = writeRecipe(folder.path, { base: large(1), math: large(2) }, text);
    const result = await runRecipe(path, { memory: 24 << 20 });
    expect(result.ok ? undefined : result.fault.code).toBe('MW6202');
    expect(result.ok ? undefined : result.fault.help).toMatch(/^Give --memory \d+MiB or more\.$/);
    const told = /(\d+)MiB/.exec(result.ok ? '' : result.fault.help)!;
    expect(Number(told[1])).toBeGreaterThan(24);
  });
});

test('a cancel does not wait for a decomposition', async () => {
  using folder = testFolder();
  const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
  const path = writeRecipe(folder.path, { base, math: filled(90) }, text);
  const control = new AbortController();
  const busy = watched(() => control.abort(), { answers: false });
  const outcome = valueOf(await runRecipe(path, { signal: control.signal }, busy));
  expect(outcome.kind).toBe('cancelled');
  expect(readdirSync(folder.path).sort()).toEqual(['base', 'math', 'test.merge']);
});

/** This machine, where somebody hears of every module that is made. */
function watched(hear: () => void, { answers = true } = {}): OpenCompute {
  return async (wish) => {
    const host = await machineCompute({
      backend: 'wasm',
      allowSoftwareGpu: false,
      inline: nodeFiles(),
    })(wish);
    const one: typeof host.pool.one = (job) => {
      if (job.kind !== 'factor') return host.pool.one(job);
      hear();
      return answers ? host.pool.one(job) : new Promise(() => undefined);
    };
    return { ...host, pool: { ...host.pool, one } };
  };
}
