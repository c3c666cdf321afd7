/** Deltas cut to a rank: the nearest matrix that has it, and what is told of the rest. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { change, factors, writePeft } from '../kit/adapter.ts';
import { hubCache } from '../kit/hub-cache.ts';
import { readOutput, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { tensor, writeModel, type TestModel } from '../kit/model.ts';
import { weights } from '../kit/values.ts';
import {
  apart,
  base,
  filled,
  hero,
  norm,
  prelude,
  q0,
  q0Key,
  q1,
  readAdapter,
  scales,
  shapes,
  style,
  values,
  writeAdapters,
  written,
  type Written,
} from '../kit/written-adapter.ts';

const commits = ['a'.repeat(40), 'b'.repeat(40)] as const;
const models = 'model base = "./base"\nmodel math = "./math"\n';
const pairRecipe = `${models}merge small = to_lora(math - base, rank: 4)\noutput small to "./out"`;

test('a sum of adapters is cut to the nearest matrix of that rank', async () => {
  using folder = testFolder();
  writeAdapters(folder.path);
  const recipe = `${prelude}merge small = to_lora(0.6 * style + 0.4 * hero, rank: 3)\noutput small to "./out"`;
  const { changes, tensors, report, config } = await written(folder.path, recipe);
  const [one, other] = [change(style[q0Key], scales.style), change(hero[q0Key], scales.hero)];
  const whole = one.map((x, at) => 0.6 * x + 0.4 * other[at]!);
  const squares = squaredSingularValues(whole, 7);
  const lost = squares.slice(3).reduce((a, b) => a + b, 0);
  expect(lost).toBeGreaterThan(0);
  expect(apart(changes.get(q0Key)!, whole)).toBeCloseTo(lost, 6);
  expect(apart(changes.get(q0Key)!, whole) / lost).toBeCloseTo(1, 4);
  const kept = 1 - lost / squares.reduce((a, b) => a + b, 0);
  const module = report.modules!.find(({ name }) => name === q0Key)!;
  expect(module.captured! / kept).toBeCloseTo(1, 5);
  expect(module.norm! / norm(whole)).toBeCloseTo(1, 5);
  // What has no more ranks than that is not cut.
  expect(config).toMatchObject({ r: 3, rank_pattern: { k_proj: 2 } });
  expectBalanced(tensors, q0Key);
  const squaresOf = report.modules!.map((of) => of.norm! ** 2);
  const overall =
    report.modules!.reduce((sum, of, at) => sum + of.captured! * squaresOf[at]!, 0) /
    squaresOf.reduce((a, b) => a + b, 0);
  const check = report.checks.find(({ title }) => title === 'captured')!;
  expect(Number.parseFloat(check.detail!)).toBeCloseTo(100 * overall, 1);
  expect(check.detail).toContain(`each module’s: ${q0Key}`);
});

test('the difference of a pair is recovered where it has that rank', async () => {
  using folder = testFolder();
  const pair = factors([2, 7], [9, 2], { seed: 9 });
  const delta = change(pair, 4);
  const own = new Float32Array(base[q0]!.words.slice().buffer);
  const math: TestModel = {
    ...base,
    [q0]: tensor(
      own.map((x, at) => x + delta[at]!),
      'F32',
      shapes[q0],
    ),
    'model.norm.weight': tensor(weights(6, 3), 'F32', [6]),
  };
  const recipe = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
  const made = await written(folder.path, recipe, { models: { base, math } });
  expect(Math.sqrt(apart(made.changes.get(q0Key)!, delta))).toBeLessThan(1e-5 * norm(delta));
  // The others hold no change, and say so.
  expect(norm(made.changes.get('model.embed_tokens')!)).toBe(0);
  expect(made.config).toMatchObject({
    base_model_name_or_path: join(folder.path, 'base'),
    r: 2,
    rank_pattern: {},
    target_modules: ['embed_tokens', 'k_proj', 'q_proj'],
  });
  const checks = new Map(made.report.checks.map((check) => [check.title, check]));
  expect(checks.get('captured')!.detail).toMatch(/^100 % of the squared norm/);
  expect(checks.get('modules')!.detail).toMatch(/^4 of 5 hold no change: model.embed_tokens, /);
  const norms = weights(6, 3).map((x, at) => x - values(base['model.norm.weight']!)[at]!);
  const out = norm([...norms]) ** 2;
  const share = (100 * out) / (out + norm(delta) ** 2);
  expect(checks.get('left out')!.detail).toBe(
    `one tensor that an adapter cannot hold, ${Number(share.toPrecision(4))} % of the squared norm: model.norm.weight`,
  );
});

test('what a method makes of adapters is computed and cut: ties, and statistics of the whole model', async () => {
  using folder = testFolder();
  writeAdapters(folder.path);
  const ties = 'ties([style, hero], weight: [2, 1], density: 40%, scope: whole)';
  const recipe = `${prelude}merge three = to_lora(${ties}, rank: 4)\noutput three to "./out"`;
  const { changes, tensors, report } = await written(folder.path, recipe);
  const again = `${prelude}merge whole = base + ${ties}\noutput whole to "./whole"`;
  valueOf(await runRecipe(writeRecipe(folder.path, { base }, again)));
  const whole = (await readOutput(join(folder.path, 'whole'))).tensors.get(q0)!;
  const delta = whole.map((x, at) => x - values(base[q0]!)[at]!);
  const squares = squaredSingularValues(delta, 7);
  const lost = squares.slice(4).reduce((a, b) => a + b, 0);
  expect(lost).toBeGreaterThan(0);
  expect(apart(changes.get(q0Key)!, delta) / lost).toBeCloseTo(1, 3);
  expectBalanced(tensors, q0Key);
  const { rank, captured } = report.modules!.find(({ name }) => name === q0Key)!;
  expect(rank).toBe(4);
  expect(captured).toBeCloseTo(1 - lost / squares.reduce((a, b) => a + b, 0), 5);
});

test('a rank is at most that of the matrix, and the type is the output’s', async () => {
  using folder = testFolder();
  const math = filled(90);
  const recipe = `merge small = to_lora(math - base, rank: 1000)
output small to "./out" { dtype = bf16, card = true, metadata = { author: "the team" } }`;
  const {
    changes,
    config,
    folder: out,
  } = await written(folder.path, recipe, {
    models: { base, math },
  });
  expect(config).toMatchObject({ r: 6, rank_pattern: { q_proj: 7 } });
  const delta = values(math[q1]!).map((x, at) => x - values(base[q1]!)[at]!);
  const made = changes.get('model.layers.1.self_attn.q_proj')!;
  expect(Math.sqrt(apart(made, delta))).toBeLessThan(0.01 * norm(delta));
  const bytes = readFileSync(join(out, 'adapter_model.safetensors'));
  const header = bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()));
  expect(JSON.parse(header)).toMatchObject({ __metadata__: { author: 'the team' } });
  const card = readFileSync(join(out, 'README.md'), 'utf8');
  expect(card).toContain('library_name: peft');
  expect(card).toContain('A LoRA adapter made of 2 sources');
  expect(card).toContain('in BF16');
  expect(readdirSync(out).sort()).toEqual([
    'README.md',
    'adapter_config.json',
    'adapter_model.safetensors',
    'mergewright.json',
  ]);
});

test('a sum of adapters that have more ranks than their matrix has no more than that either', async () => {
  using folder = testFolder();
  for (const [name, seed] of [
    ['style', 1],
    ['hero', 2],
  ] as const)
    writePeft(join(folder.path, name), { [q0Key]: factors([6, 7], [9, 6], { seed }) });
  const recipe = `${prelude}merge small = to_lora(style + hero, rank: 9)\noutput small to "./out"`;
  const { report } = await written(folder.path, recipe);
  expect(report.modules).toMatchObject([{ rank: 7, captured: 1 }]);
});

test('a base of the hub is called by its id, in configuration and card, and a tied head is told', async () => {
  using folder = testFolder();
  using cache = hubCache();
  const config = JSON.stringify({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    tie_word_embeddings: true,
  });
  cache.add('org/base', commits[0], base, { 'config.json': config });
  cache.add('org/math', commits[1], filled(90), { 'config.json': config });
  const path = join(folder.path, 'test.merge');
  writeFileSync(
    path,
    `model base = "org/base"
model math = "org/math"
merge small = to_lora(-2 * (base - math), rank: 2)
output small to "./out" { card = true }`,
  );
  const outcome = valueOf(await runRecipe(path));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  const { config: made } = await readAdapter(join(folder.path, 'out'), base);
  expect(made).toMatchObject({
    base_model_name_or_path: 'org/base',
    revision: commits[0],
    task_type: 'CAUSAL_LM',
  });
  const card = readFileSync(join(folder.path, 'out', 'README.md'), 'utf8');
  expect(card).toContain('base_model:\n- org/base\nbase_model_relation: adapter\n');
  expect(outcome.outputs[0]!.report.checks).toContainEqual({
    title: 'adapter_config.json',
    outcome: 'noted',
    detail:
      'the head is tied to model.embed_tokens: most loaders change the embedding alone, and the head stays as it was',
  });
});

test('a Delta of layers that are stored as [in, out] is written as loaders of that architecture turn it', async () => {
  using folder = testFolder();
  const own = {
    'h.0.attn.c_attn.weight': [4, 6],
    'h.0.attn.c_proj.weight': [4, 4],
    'h.0.ln_1.weight': [4],
    'score.weight': [4, 4],
    'wte.weight': [9, 4],
  };
  const [gpt, math] = [filled(5, own), filled(25, own)];
  const config = { model_type: 'gpt2' };
  const path = writeRecipe(folder.path, {}, pairRecipe);
  writeModel(join(folder.path, 'base'), gpt, { config });
  writeModel(
    join(folder.path, 'math'),
    { ...math, 'h.0.ln_1.weight': gpt['h.0.ln_1.weight']! },
    { config },
  );
  const outcome = valueOf(await runRecipe(path));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  const { changes, config: made, tensors } = await readAdapter(join(folder.path, 'out'), gpt);
  expect(made).toMatchObject({ fan_in_fan_out: true, r: 4 });
  const key = 'base_model.model.h.0.attn.c_attn';
  expect(tensors.get(`${key}.lora_A.weight`)).toHaveLength(4 * 4);
  expect(tensors.get(`${key}.lora_B.weight`)).toHaveLength(6 * 4);
  for (const name of ['h.0.attn.c_attn', 'wte']) {
    const delta = values(math[`${name}.weight`]!).map(
      (x, at) => x - values(gpt[`${name}.weight`]!)[at]!,
    );
    expect(Math.sqrt(apart(changes.get(name)!, delta))).toBeLessThan(1e-5 * norm(delta));
  }
  // A norm that both have alike is not told.
  expect(outcome.outputs[0]!.report.checks).toContainEqual({
    title: 'nothing left out',
    outcome: 'holds',
  });

  // Read back, each square matrix lies as its layer's do: one way in the block, the other in the classifier's head.
  const again = `model base = "./base"
adapter change = lora("./out", on: base)
merge sum = base + change
output sum to "./again"`;
  valueOf(await runRecipe(writeRecipe(folder.path, {}, again)));
  const read = await readOutput(join(folder.path, 'again'));
  for (const name of ['h.0.attn.c_attn', 'h.0.attn.c_proj', 'score', 'wte']) {
    const wanted = values(math[`${name}.weight`]!);
    const apartFrom = Math.sqrt(apart(read.tensors.get(`${name}.weight`)!, wanted));
    expect(apartFrom, name).toBeLessThan(1e-5 * norm(wanted));
  }
});

test('a Delta of convolutions has factors too; one that is a change of no declared model says so', async () => {
  using folder = testFolder();
  const shape = { 'model.conv.weight': [5, 2, 3, 2], 'model.line.weight': [4, 3, 2] };
  const [one, other] = [filled(30, shape), filled(60, shape)];
  const recipe = `merge mean = average([base, math])
merge small = to_lora(math - mean, rank: 5)
output small to "./out"`;
  const made = await written(folder.path, recipe, { models: { base: one, math: other } });
  expect([...made.changes.keys()]).toEqual(['model.conv']);
  const of = (model: TestModel): number[] => values(model['model.conv.weight']!);
  const delta = of(other).map((x, at) => (x - of(one)[at]!) / 2);
  expect(Math.sqrt(apart(made.changes.get('model.conv')!, delta))).toBeLessThan(1e-5 * norm(delta));
  expect(made.config).toMatchObject({ base_model_name_or_path: null });
  expect(made.report.checks).toContainEqual({
    title: 'adapter_config.json',
    outcome: 'noted',
    detail:
      'adapter_config.json names no model: the Delta is a change of none that the recipe declares',
  });
});

test('factors of a model in eight bits have sixteen', async () => {
  using folder = testFolder();
  const small = (seed: number): TestModel => ({
    'model.layers.0.mlp.up_proj.weight': tensor(weights(30, seed), 'F8_E4M3', [5, 6]),
  });
  const { dtypes } = await written(folder.path, pairRecipe.replace(models, ''), {
    models: { base: small(1), math: small(2) },
  });
  expect(dtypes).toEqual(new Set(['BF16']));
});

/** Both factors have entries of one size: what one column and one row give to the product comes half from either. */
function expectBalanced(tensors: Written['tensors'], module: string): void {
  const key = `base_model.model.${module}`;
  const [a, b] = ['A', 'B'].map((of) => tensors.get(`${key}.lora_${of}.weight`)!);
  const [rows, columns] = shapes['model.layers.0.self_attn.q_proj.weight'];
  const rank = a!.length / columns;
  expect(b).toHaveLength(rank * rows);
  for (let k = 0; k < rank; k++) {
    const row = a!.slice(k * columns, (k + 1) * columns);
    const column = b!.filter((_, at) => at % rank === k);
    expect(norm(column) / norm(row)).toBeCloseTo(1, 4);
  }
}

/** Squares of the singular values, the largest first: eigenvalues of aᵀa by plain two-sided rotations. */
function squaredSingularValues(a: readonly number[], columns: number): number[] {
  const rows = a.length / columns;
  const s = Array.from({ length: columns }, (_, i) =>
    Array.from({ length: columns }, (__, j) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += a[row * columns + i]! * a[row * columns + j]!;
      return sum;
    }),
  );
  for (let sweep = 0; sweep < 60; sweep++)
    for (let p = 0; p < columns; p++)
      for (let q = p + 1; q < columns; q++) {
        if (Math.abs(s[p]![q]!) < 1e-300) continue;
        const theta = (s[q]![q]! - s[p]![p]!) / (2 * s[p]![q]!);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const d = t * c;
        for (let k = 0; k < columns; k++) {
          const [x, y] = [s[k]![p]!, s[k]![q]!];
          s[k]![p] = c * x - d * y;
          s[k]![q] = d * x + c * y;
        }
        for (let k = 0; k < columns; k++) {
          const [x, y] = [s[p]![k]!, s[q]![k]!];
          s[p]![k] = c * x - d * y;
          s[q]![k] = d * x + c * y;
        }
      }
  return s.map((row, i) => row[i]!).sort((x, y) => y - x);
}
