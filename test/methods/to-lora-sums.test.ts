/** Sums of adapters written as one, without a rank: their factors side by side. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { f32Bits } from '../../engine/numeric/decimal.ts';
import { narrow, widen } from '../../engine/numeric/storage.ts';
import { change, factors, writeKohya, writePeft } from '../kit/adapter.ts';
import { readOutput, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import {
  apart,
  base,
  filled,
  hero,
  norm,
  prelude,
  q0Key,
  scales,
  style,
  values,
  writeAdapters,
  written,
} from '../kit/written-adapter.ts';

test('the factors stand side by side, scales and coefficients in the second', async () => {
  using folder = testFolder();
  writeAdapters(folder.path);
  const recipe = `${prelude}merge pair = to_lora(0.6 * style + 0.4 * hero)\noutput pair to "./out"`;
  const { tensors, config, report } = await written(folder.path, recipe);
  const key = `base_model.model.${q0Key}`;
  const [one, other] = [style[q0Key], hero[q0Key]];
  expect(tensors.get(`${key}.lora_A.weight`)).toEqual([...values(one.down), ...values(other.down)]);
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

test.each([
  [['F16', 'F16'], 'F16'],
  [['F16', 'BF16'], 'F32'],
  [['F16', 'F64'], 'F64'],
] as const)('factors in %j are stored in %s', async ([one, other], dtype) => {
  using folder = testFolder();
  for (const [name, of, seed] of [
    ['style', one, 1],
    ['hero', other, 2],
  ] as const)
    writePeft(join(folder.path, name), {
      [q0Key]: factors([2, 7], [9, 2], { seed, dtype: of }),
    });
  const recipe = `${prelude}merge pair = to_lora(style + hero)\noutput pair to "./out"`;
  const { dtypes } = await written(folder.path, recipe);
  expect(dtypes).toEqual(new Set([dtype]));
});

test('factors that are read in several parts keep their order', async () => {
  using folder = testFolder();
  // Parts end within a row.
  const tall = { 'model.head.weight': [50_000, 2] };
  const pair = factors([3, 2], [50_000, 3], { seed: 4 });
  writePeft(join(folder.path, 'style'), { 'model.head': pair }, { lora_alpha: 6 });
  const recipe = `adapter style = lora("./style", on: base)
merge a = to_lora(style)
output a to "./out"`;
  const { tensors } = await written(folder.path, recipe, { models: { base: filled(1, tall) } });
  const doubled = values(pair.up).map((x) => 2 * x);
  const own = tensors.get('base_model.model.model.head.lora_B.weight')!;
  expect(own.findIndex((x, at) => x !== doubled[at])).toBe(-1);
});

test('embeddings, convolutions, layers stored as [in, out], and kohya’s names', async () => {
  using folder = testFolder();
  const conv = { 'model.conv.weight': [4, 3, 3, 2], 'model.point.weight': [4, 3, 1, 1] };
  const own = { ...base, ...filled(70, conv) };
  const modules = {
    'model.embed_tokens': factors([2, 11], [6, 2], { seed: 1 }),
    'model.conv': factors([2, 3, 3, 2], [4, 2, 1, 1], { seed: 2 }),
    'model.point': factors([2, 3, 1, 1], [4, 2, 1, 1], { seed: 3 }),
  };
  writePeft(join(folder.path, 'style'), modules, { lora_alpha: 2 });
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
