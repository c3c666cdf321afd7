/** Deltas written as LoRA adapters: what stands in the files, and what they are worth when they are read again. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLocalAdapter } from '../../engine/adapters/open-adapter.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { f32Bits } from '../../engine/numeric/decimal.ts';
import { narrow, widen } from '../../engine/numeric/storage.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import type { MergeReport } from '../../engine/output/report.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import type { RunOptions } from '../../engine/run/options.ts';
import { change, factors, writeKohya, writePeft } from '../kit/adapter.ts';
import { told } from '../kit/in-process.ts';
import { readOutput, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { bytesOf, tensor, valuesOf, writeModel, type TestModel } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { panelRun } from '../kit/panel-line.ts';
import { weights } from '../kit/values.ts';

const shapes = {
  'model.embed_tokens.weight': [11, 6],
  'model.layers.0.self_attn.q_proj.weight': [9, 7],
  'model.layers.0.self_attn.k_proj.weight': [6, 6],
  'model.layers.1.self_attn.q_proj.weight': [9, 7],
  'model.layers.1.self_attn.k_proj.weight': [6, 6],
  'model.norm.weight': [6],
} as const;
type Name = keyof typeof shapes;
const [, q0, k0, q1] = Object.keys(shapes) as [Name, Name, Name, Name];

function filled(seed: number, of: Readonly<Record<string, readonly number[]>> = shapes): TestModel {
  return Object.fromEntries(
    Object.entries(of).map(([name, shape], index) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, tensor(weights(count, seed + index), 'F32', shape)] as const;
    }),
  );
}

const base = filled(50);

const style = {
  'model.layers.0.self_attn.q_proj': factors([2, 7], [9, 2], { seed: 1 }),
  'model.layers.0.self_attn.k_proj': factors([2, 6], [6, 2], { seed: 2 }),
};
const hero = {
  'model.layers.0.self_attn.q_proj': factors([3, 7], [9, 3], { seed: 3 }),
  'model.layers.1.self_attn.q_proj': factors([3, 7], [9, 3], { seed: 4 }),
};
const q0Key = 'model.layers.0.self_attn.q_proj';

interface Written {
  readonly folder: string;
  readonly report: MergeReport;
  readonly config: Readonly<Record<string, unknown>>;
  /** By their names in the file. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** The changes as they are read back, in doubles: row after row. */
  readonly changes: ReadonlyMap<string, readonly number[]>;
}

const prelude =
  'adapter style = lora("./style", on: base)\nadapter hero = lora("./hero", on: base)\n';

function writeAdapters(folder: string): void {
  writePeft(join(folder, 'style'), style, { lora_alpha: 4 });
  writePeft(join(folder, 'hero'), hero, { lora_alpha: 6, use_rslora: true });
}

/** Runs a recipe whose output is ./out. */
async function written(
  folder: string,
  recipe: string,
  {
    models = { base },
    options = {},
    on = models,
  }: {
    readonly models?: Readonly<Record<string, TestModel>>;
    readonly options?: Partial<RunOptions>;
    readonly on?: Readonly<Record<string, TestModel>>;
  } = {},
): Promise<Written> {
  const outcome = valueOf(await runRecipe(writeRecipe(folder, models, recipe), options));
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`);
  const [{ report, folder: out }] = outcome.outputs as [(typeof outcome.outputs)[number]];
  return { folder: out, report, ...(await readAdapter(out, on['base']!)) };
}

async function readAdapter(
  folder: string,
  on: TestModel,
): Promise<Pick<Written, 'config' | 'tensors' | 'changes'>> {
  const { files, tensors: placed, adapter } = await openLocalAdapter(folder);
  const bytes = new Uint8Array(readFileSync(files[0]!.path));
  const tensors = new Map(
    [...placed].map(([name, { dtype, offset, byteLength }]) => [
      name,
      valuesOf(bytes.subarray(offset, offset + byteLength), dtype) as readonly number[],
    ]),
  );
  const changes = new Map(
    adapter!.modules.map(({ path, up, down, rank, scale, isEmbedding }) => {
      expect(scale).toBe(1);
      const [b, a] = [tensors.get(up.tensor)!, tensors.get(down.tensor)!];
      const rows = up.shape[0]!;
      const columns = a.length / rank;
      const product = productOf(b, a, { rows, columns, rank });
      const isTurned = isEmbedding || (adapter!.fanInFanOut && on[`${path}.weight`] !== undefined);
      return [path, isTurned ? turned(product, rows) : product] as const;
    }),
  );
  const config = JSON.parse(readFileSync(join(folder, 'adapter_config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  return { config, tensors, changes };
}

function productOf(
  b: readonly number[],
  a: readonly number[],
  {
    rows,
    columns,
    rank,
  }: { readonly rows: number; readonly columns: number; readonly rank: number },
): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[i * rank + k]! * a[k * columns + j]!;
    return sum;
  });
}

function turned(values: readonly number[], rows: number): number[] {
  const columns = values.length / rows;
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
}

const values = (of: { readonly dtype: 'F32' | string } & TestModel[string]): number[] =>
  valuesOf(bytesOf(of), of.dtype);

/** Σ (a − b)² */
function apart(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0);
}

function norm(a: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
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

const scales = { style: 4 / 2, hero: 6 / Math.sqrt(3) };

describe('without a rank', () => {
  test('the factors stand side by side, scales and coefficients in the second', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const recipe = `${prelude}merge pair = to_lora(0.6 * style + 0.4 * hero)\noutput pair to "./out"`;
    const { tensors, config, report } = await written(folder.path, recipe);
    const key = `base_model.model.${q0Key}`;
    const [one, other] = [style[q0Key], hero[q0Key]];
    expect(tensors.get(`${key}.lora_A.weight`)).toEqual([
      ...values(one.down),
      ...values(other.down),
    ]);
    const [b, c] = [values(one.up), values(other.up)];
    const rows = Array.from({ length: 9 }, (_, i) => [
      ...b.slice(2 * i, 2 * i + 2).map((x) => Math.fround(0.6 * scales.style * x)),
      ...c.slice(3 * i, 3 * i + 3).map((x) => Math.fround(0.4 * scales.hero * x)),
    ]);
    expect(tensors.get(`${key}.lora_B.weight`)).toEqual(rows.flat());
    expect(config).toEqual({
      peft_type: 'LORA',
      base_model_name_or_path: join(folder.path, 'base'),
      revision: null,
      task_type: null,
      r: 5,
      lora_alpha: 5,
      rank_pattern: { k_proj: 2, [`model.layers.1.self_attn.q_proj`]: 3 },
      alpha_pattern: { k_proj: 2, [`model.layers.1.self_attn.q_proj`]: 3 },
      target_modules: ['model.layers.0.self_attn.k_proj', 'q_proj'],
      fan_in_fan_out: false,
      bias: 'none',
      lora_dropout: 0,
      modules_to_save: null,
      inference_mode: true,
      use_dora: false,
      use_rslora: false,
    });
    expect(report.checks).toContainEqual({
      title: 'captured',
      outcome: 'holds',
      detail: 'all of it, by the adapters’ own factors',
    });
    expect(report.modules?.map(({ name, rank, captured }) => [name, rank, captured])).toEqual([
      ['model.layers.0.self_attn.k_proj', 2, 1],
      ['model.layers.0.self_attn.q_proj', 5, 1],
      ['model.layers.1.self_attn.q_proj', 3, 1],
    ]);
  });

  test('read again it is the Delta, up to the rounding of its factors', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const recipe = `${prelude}merge pair = to_lora(0.6 * style + 0.4 * hero)\noutput pair to "./out"`;
    await written(folder.path, recipe);
    const again = `${prelude}adapter x = lora("./out", on: base)
merge one = base + x
merge two = base + (0.6 * style + 0.4 * hero)
output one to "./one"
output two to "./two"`;
    valueOf(await runRecipe(writeRecipe(folder.path, { base }, again)));
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => readOutput(join(folder.path, name))),
    );
    for (const [name, value] of one!.tensors) {
      const other = two!.tensors.get(name)!;
      expect(Math.sqrt(apart(value, other))).toBeLessThanOrEqual(1e-6 * norm(other));
    }
  });

  test('through every linear form, an adapter that stands there twice has its factors once', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const recipe = `${prelude}merge mixed = lerp(style, -hero, t: 0.25)
let more = scale(average([style, mixed]), by: 3) - linear([hero, style], weight: [1, 3]) / 2
merge pair = to_lora(more)
merge named = pair
output named to "./out"`;
    const { changes, report } = await written(folder.path, recipe);
    const ofStyle = 3 * 0.5 * (1 + 0.75) - 0.75 / 2;
    const ofHero = 3 * 0.5 * -0.25 - 0.25 / 2;
    const [one, other] = [change(style[q0Key], scales.style), change(hero[q0Key], scales.hero)];
    const expected = one.map((x, at) => ofStyle * x + ofHero * other[at]!);
    expect(Math.sqrt(apart(changes.get(q0Key)!, expected))).toBeLessThan(1e-6 * norm(expected));
    expect(report.modules?.[1]).toMatchObject({ name: q0Key, rank: 5 });
  });

  test.each(['BF16', 'F16', 'F64'] as const)(
    'factors of one type stay in it, and are rounded once: %s',
    async (dtype) => {
      using folder = testFolder();
      const pair = factors([2, 7], [9, 2], { seed: 6, dtype });
      writePeft(join(folder.path, 'style'), { [q0Key]: pair }, { lora_alpha: 3 });
      const recipe = `adapter style = lora("./style", on: base)
merge a = to_lora(0.3 * style)
output a to "./out"`;
      const { tensors } = await written(folder.path, recipe);
      const key = `base_model.model.${q0Key}`;
      expect(tensors.get(`${key}.lora_A.weight`)).toEqual(values(pair.down));
      expect(tensors.get(`${key}.lora_B.weight`)).toEqual(
        values(pair.up).map((x) => nearest(0.3 * 1.5 * x, dtype)),
      );
    },
  );

  test('embeddings, convolutions, layers stored as [in, out], and kohya’s names', async () => {
    using folder = testFolder();
    const conv = { 'model.conv.weight': [4, 3, 3, 2], 'model.point.weight': [4, 3, 1, 1] };
    const own = { ...base, ...filled(70, conv) };
    const modules = {
      'model.embed_tokens': factors([2, 11], [6, 2], { seed: 1 }),
      'model.conv': factors([2, 3, 3, 2], [4, 2, 1, 1], { seed: 2 }),
      'model.point': factors([2, 3, 1, 1], [4, 2, 1, 1], { seed: 3 }),
    };
    // The kit's file names embeddings by their last word.
    writePeftWithEmbedding(join(folder.path, 'style'), modules);
    const turnedPair = factors([2, 9], [7, 2], { seed: 4 });
    writePeft(
      join(folder.path, 'hero'),
      { [q0Key]: turnedPair },
      { lora_alpha: 2, fan_in_fan_out: true },
    );
    writeKohya(join(folder.path, 'kohya'), {
      lora_te_model_layers_1_self_attn_q_proj: {
        ...factors([2, 7], [9, 2], { seed: 5 }),
        alpha: 1,
      },
    });
    const recipe = `${prelude}adapter kohya = lora("./kohya/tone.safetensors", on: base)
merge all = to_lora(style + hero + kohya)
output all to "./out"`;
    const { tensors, config } = await written(folder.path, recipe, { models: { base: own } });
    expect([...tensors.keys()].map((name) => name.replace('base_model.model.', ''))).toEqual([
      'model.conv.lora_A.weight',
      'model.conv.lora_B.weight',
      'model.embed_tokens.lora_embedding_A',
      'model.embed_tokens.lora_embedding_B',
      'model.layers.0.self_attn.q_proj.lora_A.weight',
      'model.layers.0.self_attn.q_proj.lora_B.weight',
      'model.layers.1.self_attn.q_proj.lora_A.weight',
      'model.layers.1.self_attn.q_proj.lora_B.weight',
      'model.point.lora_A.weight',
      'model.point.lora_B.weight',
    ]);
    expect(config).toMatchObject({ fan_in_fan_out: true });
    const again = `${prelude}adapter kohya = lora("./kohya/tone.safetensors", on: base)
adapter x = lora("./out", on: base)
merge one = base + x
merge two = base + (style + hero + kohya)
output one to "./one"
output two to "./two"`;
    valueOf(await runRecipe(writeRecipe(folder.path, { base: own }, again)));
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) => readOutput(join(folder.path, name))),
    );
    for (const [name, value] of one!.tensors) {
      const other = two!.tensors.get(name)!;
      expect(Math.sqrt(apart(value, other)), name).toBeLessThanOrEqual(1e-6 * norm(other));
    }
  });
});

/** Names as a loaded model has them, of which the checkpoint leaves words out, are kept. */
test('modules are called as the adapters that were read call them', async () => {
  using folder = testFolder();
  const own = filled(5, { 'h.0.attn.c_attn.weight': [4, 6], 'wte.weight': [9, 4] });
  const pair = factors([2, 4], [6, 2], { seed: 8 });
  writePeft(
    join(folder.path, 'style'),
    { 'transformer.h.0.attn.c_attn': pair },
    { lora_alpha: 2, fan_in_fan_out: true },
  );
  const recipe = `adapter style = lora("./style", on: base)
merge a = to_lora(2 * style)
output a to "./out"`;
  const { tensors, config } = await written(folder.path, recipe, { models: { base: own } });
  expect([...tensors.keys()]).toEqual([
    'base_model.model.transformer.h.0.attn.c_attn.lora_A.weight',
    'base_model.model.transformer.h.0.attn.c_attn.lora_B.weight',
  ]);
  expect(config).toMatchObject({ target_modules: ['c_attn'], fan_in_fan_out: true });
});

function nearest(value: number, dtype: 'BF16' | 'F16' | 'F64'): number {
  if (dtype === 'F64') return value;
  // The patterns about the f32 rounding: the nearest to the double, of two the even one.
  const bits = narrow(f32Bits(value), dtype);
  const near = [bits - 1, bits, bits + 1].map((pattern) => {
    const wide = widen(pattern & 0xffff, dtype);
    return { pattern, value: new Float32Array(Uint32Array.of(wide).buffer)[0]! };
  });
  const far = (of: (typeof near)[number]): number => Math.abs(of.value - value);
  const [best] = near.sort((a, b) => far(a) - far(b) || (a.pattern & 1) - (b.pattern & 1));
  return best!.value;
}

function writePeftWithEmbedding(folder: string, modules: Parameters<typeof writePeft>[1]): void {
  writePeft(folder, modules, { lora_alpha: 2 });
  const path = join(folder, 'adapter_model.safetensors');
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE());
  const header = bytes
    .toString('utf8', 8, 8 + length)
    .replace('embed_tokens.lora_A.weight', 'embed_tokens.lora_embedding_A')
    .replace('embed_tokens.lora_B.weight', 'embed_tokens.lora_embedding_B')
    .trimEnd();
  const padded = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  writeFileSync(path, Buffer.concat([size, padded, bytes.subarray(8 + length)]));
}

describe('with a rank', () => {
  test('a sum of adapters is cut to the nearest matrix of that rank', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const recipe = `${prelude}merge small = to_lora(0.6 * style + 0.4 * hero, rank: 3)\noutput small to "./out"`;
    const { changes, report, config } = await written(folder.path, recipe);
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
    const { changes, report } = await written(folder.path, recipe);
    const again = `${prelude}merge whole = base + ${ties}\nmerge plain = base + 0 * style\noutput whole to "./whole"`;
    valueOf(await runRecipe(writeRecipe(folder.path, { base }, again)));
    const whole = (await readOutput(join(folder.path, 'whole'))).tensors.get(q0)!;
    const delta = whole.map((x, at) => x - values(base[q0]!)[at]!);
    const squares = squaredSingularValues(delta, 7);
    const lost = squares.slice(4).reduce((a, b) => a + b, 0);
    expect(lost).toBeGreaterThan(0);
    expect(apart(changes.get(q0Key)!, delta) / lost).toBeCloseTo(1, 3);
    expect(report.modules!.find(({ name }) => name === q0Key)!.rank).toBe(4);
  });

  test('a rank is at most that of the matrix, and the type is the output’s', async () => {
    using folder = testFolder();
    const math = filled(90);
    const recipe = `merge small = to_lora(math - base, rank: 1000)
output small to "./out" { dtype = bf16, card = true }`;
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

  test('the hub’s id of the base stands in configuration and card, and a tied head is told', async () => {
    using folder = testFolder();
    const config = {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      tie_word_embeddings: true,
    };
    writeModel(join(folder.path, 'base'), base, { config });
    writeModel(join(folder.path, 'math'), filled(90), { config });
    const path = join(folder.path, 'test.merge');
    writeFileSync(
      path,
      `model base = "./base"
model math = "./math"
merge small = to_lora(-(base - math), rank: 2)
output small to "./out"`,
    );
    const outcome = valueOf(await runRecipe(path));
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    const { config: made } = await readAdapter(join(folder.path, 'out'), base);
    expect(made).toMatchObject({
      base_model_name_or_path: join(folder.path, 'base'),
      task_type: 'CAUSAL_LM',
    });
    expect(outcome.outputs[0]!.report.checks).toContainEqual({
      title: 'adapter_config.json',
      outcome: 'noted',
      detail:
        'the head is tied to model.embed_tokens: most loaders change the embedding alone, and the head stays as it was',
    });
  });
});

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
    const math = {
      ...filled(90),
      [k0]: tensor(new Float32Array(36).fill(Number.NaN), 'F32', [6, 6]),
    };
    const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
    const path = writeRecipe(folder.path, { base, math }, text);
    const timed = valueOf(await runRecipe(path, { backend: 'none' }));
    expect(timed.kind).toBe('done');
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
    const result = await runRecipe(path);
    expect(result.ok ? undefined : result.fault.code).toBe('MW5001');
    expect(result.ok ? undefined : result.fault.message).toContain('k_proj.lora_A.weight of small');
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

describe('the check', () => {
  test.each([
    ['merge a = to_lora(math - base)\noutput a to "./out"', 'MW3036'],
    ['merge a = to_lora(ties([style, hero], density: 20%))\noutput a to "./out"', 'MW3036'],
    ['merge d = style { at "*q_proj*" { take math - base } }\nmerge a = to_lora(d)', 'MW3036'],
    ['merge a = to_lora(style)\nmerge m = base + a\noutput m to "./out"', 'MW3035'],
    ['merge a = to_lora(style)\nmerge b = to_lora(a, rank: 1)\noutput b to "./out"', 'MW3035'],
    ['merge m = base + to_lora(style)\noutput m to "./out"', 'MW3035'],
    ['merge a = to_lora(style)\nexpect finite(a)\noutput a to "./out"', 'MW3035'],
    ['merge a = to_lora(style) { at "*q_proj*" { take hero } }\noutput a to "./out"', 'MW3035'],
    ['merge a = style\noutput a to "./out"', 'MW3028'],
    ['merge a = to_lora(style)\noutput a to "./out" { shards = 5 MB }', 'MW3114'],
    ['merge a = to_lora(style)\noutput a to "./out" { tokenizer = base }', 'MW3114'],
    ['merge a = to_lora(style, compat: mergekit)\noutput a to "./out"', 'MW2003'],
    ['merge a = to_lora(style - style)\noutput a to "./out"', undefined],
  ])('%s', async (text, code) => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const path = writeRecipe(folder.path, { base, math: filled(90) }, `${prelude}${text}`);
    const { checked } = valueOf(await openRecipe(path));
    const codes = checked.diagnostics.map((found) => found.code).filter((of) => of !== 'MW2017');
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });

  test('an adapter of nothing is refused, and a plan tells what will be left out', async () => {
    using folder = testFolder();
    writeAdapters(folder.path);
    const none = `${prelude}merge a = to_lora(style - style)\noutput a to "./out"`;
    const path = writeRecipe(folder.path, { base, math: filled(90) }, none);
    await expect(runRecipe(path)).rejects.toThrow('changes no matrix that an adapter could hold');
    const text = 'merge small = to_lora(math - base, rank: 2)\noutput small to "./out"';
    writeRecipe(folder.path, { base, math: filled(90) }, text);
    const { out } = await told('plan', path);
    expect(out).toContain('an adapter of 5 modules');
    expect(out).toContain(
      'note    one tensor that an adapter cannot hold will be left out, as far as they change: model.norm.weight',
    );
  });
});
