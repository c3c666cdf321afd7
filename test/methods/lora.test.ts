/** LoRA adapters as Deltas: what they change, in whatever way they are written. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { preview } from '../../engine/measures/make-preview.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import {
  floatTensor,
  stateDict,
  torchLegacy,
  torchZip,
  type SampleTensor,
} from '../../engine/torch/sample-torch.ts';
import {
  change,
  factors,
  writeKohya,
  writePeft,
  writeTensors,
  type TestFactors,
} from '../kit/adapter.ts';
import { readOutput, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { bytesOf, tensor, valuesOf, words, type TestModel, type TestTensor } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { pageGpu, panelLine, panelRun } from '../kit/panel-line.ts';
import { weights } from '../kit/values.ts';

const shapes = {
  'model.embed.weight': [11, 6],
  'model.layers.0.q.weight': [5, 7],
  'model.layers.0.square.weight': [6, 6],
  'model.layers.0.norm.weight': [6],
  'model.layers.1.q.weight': [5, 7],
  'model.conv.weight': [4, 3, 3, 2],
  'model.point.weight': [4, 3, 1, 1],
} as const;
type Name = keyof typeof shapes;

const base: TestModel = Object.fromEntries(
  Object.entries(shapes).map(([name, shape], seed) => {
    const count = shape.reduce((a: number, b) => a * b, 1);
    return [name, tensor(weights(count, 50 + seed), 'F32', shape)] as const;
  }),
);

const q0 = factors([3, 7], [5, 3], { seed: 1 });
const q1 = factors([2, 7], [5, 2], { seed: 2 });
const square = factors([3, 6], [6, 3], { seed: 3 });
const embed = factors([3, 11], [6, 3], { seed: 4 });
const conv = factors([3, 3, 3, 2], [4, 3, 1, 1], { seed: 5 });
const point = factors([3, 3, 1, 1], [4, 3, 1, 1], { seed: 6 });

/** base + tone, with the adapter written by `write` to `./tone`. */
async function added(
  write: (folder: string) => void,
  recipe = 'merge m = base + tone',
): Promise<(name: Name) => readonly number[]> {
  using folder = testFolder();
  write(join(folder.path, 'tone'));
  const text = `adapter tone = lora("./tone", on: base)\n${recipe}\noutput m to "./out"`;
  const outcome = valueOf(await runRecipe(writeRecipe(folder.path, { base }, text)));
  expect(outcome.kind).toBe('done');
  const { tensors } = await readOutput(join(folder.path, 'out'));
  return (name) => tensors.get(name)!;
}

function plus(name: Name, delta: readonly number[]): readonly number[] {
  const values = new Float32Array(base[name]!.words.slice().buffer);
  return [...values].map((value, i) => Math.fround(value + delta[i]!));
}

function own(name: Name): readonly number[] {
  return [...new Float32Array(base[name]!.words.slice().buffer)];
}

/** The same as PyTorch's file holds it. */
function sample(of: TestTensor): SampleTensor {
  return floatTensor(valuesOf(bytesOf(of), of.dtype), of.shape);
}

describe('PEFT', () => {
  test('matrices, embeddings and convolutions by scale · B · A; what has no factors stays', async () => {
    const modules = {
      'model.layers.0.q': q0,
      'model.layers.0.square': square,
      'model.embed': embed,
      'model.conv': conv,
      'model.point': point,
    };
    const of = await added((folder) => writePeft(folder, modules, { lora_alpha: 6 }));
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', change(q0, 2)));
    expect(of('model.layers.0.square.weight')).toEqual(
      plus('model.layers.0.square.weight', change(square, 2)),
    );
    expect(of('model.embed.weight')).toEqual(
      plus('model.embed.weight', change(embed, 2, { isTurned: true })),
    );
    expect(of('model.conv.weight')).toEqual(plus('model.conv.weight', change(conv, 2)));
    expect(of('model.point.weight')).toEqual(plus('model.point.weight', change(point, 2)));
    expect(of('model.layers.1.q.weight')).toEqual(own('model.layers.1.q.weight'));
    expect(of('model.layers.0.norm.weight')).toEqual(own('model.layers.0.norm.weight'));
  });

  test.each([
    ['of today', torchZip],
    ['before 1.6', torchLegacy],
  ])('as PyTorch saved it, %s: adapter_model.bin', async (_, save) => {
    const modules = { 'model.layers.0.q': q0, 'model.embed': embed };
    const of = await added((folder) => {
      writePeft(folder, modules, { lora_alpha: 6 });
      rmSync(join(folder, 'adapter_model.safetensors'));
      const tensors = {
        'base_model.model.model.layers.0.q.lora_A.weight': sample(q0.down),
        'base_model.model.model.layers.0.q.lora_B.weight': sample(q0.up),
        'base_model.model.model.embed.lora_embedding_A': sample(embed.down),
        'base_model.model.model.embed.lora_embedding_B': sample(embed.up),
      };
      const bytes = save((word) => stateDict(tensors, word));
      writeFileSync(join(folder, 'adapter_model.bin'), bytes);
    });
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', change(q0, 2)));
    expect(of('model.embed.weight')).toEqual(
      plus('model.embed.weight', change(embed, 2, { isTurned: true })),
    );
    expect(of('model.layers.1.q.weight')).toEqual(own('model.layers.1.q.weight'));
  });

  test('ranks and alphas of single modules, by patterns', async () => {
    const modules = { 'model.layers.0.q': q0, 'model.layers.1.q': q1 };
    const of = await added((folder) =>
      writePeft(folder, modules, {
        r: 3,
        lora_alpha: 6,
        rank_pattern: { '^model\\.layers\\.(1|2)\\.q': 2 },
        alpha_pattern: { 'layers.1.q': 5 },
      }),
    );
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', change(q0, 2)));
    expect(of('model.layers.1.q.weight')).toEqual(plus('model.layers.1.q.weight', change(q1, 2.5)));
  });

  test('rank-stabilised: alpha over the root of the rank', async () => {
    const of = await added((folder) =>
      writePeft(folder, { 'model.layers.0.q': q0 }, { lora_alpha: 6, use_rslora: true }),
    );
    const delta = change(q0, 6 / Math.sqrt(3));
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', delta));
  });

  test('weights stored as [in, out]: turned over where the configuration says so, or only that fits', async () => {
    const turned = factors([3, 5], [7, 3], { seed: 9 });
    const modules = { 'model.layers.0.q': turned, 'model.layers.0.square': square };
    for (const fan_in_fan_out of [true, false]) {
      const of = await added((folder) =>
        writePeft(folder, modules, { lora_alpha: 3, fan_in_fan_out }),
      );
      expect(of('model.layers.0.q.weight')).toEqual(
        plus('model.layers.0.q.weight', change(turned, 1, { isTurned: true })),
      );
      expect(of('model.layers.0.square.weight')).toEqual(
        plus('model.layers.0.square.weight', change(square, 1, { isTurned: fan_in_fan_out })),
      );
    }
  });

  test.each(['F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2'] as const)(
    'factors in %s count as they are',
    async (dtype) => {
      const pair = factors([3, 7], [5, 3], { seed: 7, dtype });
      const of = await added((folder) => writePeft(folder, { 'model.layers.0.q': pair }, {}));
      const delta = change(pair, 4 / 3);
      expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', delta));
    },
  );

  test('names that a wrapper or a trainer lengthened', async () => {
    const of = await added((folder) => {
      writeTensors(folder, 'adapter_model.safetensors', {
        'base_model.model.model.model.layers.0.q.lora_A.default.weight': q0.down,
        'base_model.model.model.model.layers.0.q.lora_B.default.weight': q0.up,
      });
      writeFileSync(join(folder, 'adapter_config.json'), '{"r": 3, "lora_alpha": 3}');
    });
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', change(q0, 1)));
  });
});

describe('kohya', () => {
  test('the same matrices give the bytes that PEFT’s names give', async () => {
    const peft = await added((folder) =>
      writePeft(folder, { 'model.layers.0.q': q0, 'model.conv': conv }, { lora_alpha: 6 }),
    );
    const kohya = await added((folder) =>
      writeKohya(folder, {
        lora_unet_model_layers_0_q: { ...q0, alpha: 6 },
        lora_unet_model_conv: { ...conv, alpha: 6 },
      }),
    );
    for (const name of Object.keys(shapes) as Name[]) expect(kohya(name)).toEqual(peft(name));
  });

  test('without an alpha the product counts as it is; dotted names are read too', async () => {
    const of = await added((folder) =>
      writeKohya(folder, {
        'diffusion_model.layers.0.q': q0,
        'diffusion_model.layers.1.q': { ...q1, alpha: 1 },
      }),
    );
    expect(of('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', change(q0, 1)));
    expect(of('model.layers.1.q.weight')).toEqual(plus('model.layers.1.q.weight', change(q1, 0.5)));
  });
});

describe('a Delta like any other', () => {
  const writePair = (folder: string): void =>
    writePeft(folder, { 'model.layers.0.q': q0, 'model.embed': embed }, { lora_alpha: 6 });
  const delta = change(q0, 2);

  test('scaled, subtracted, trimmed, elected', async () => {
    const scaled = await added(writePair, 'merge m = base - 0.5 * tone');
    expect(scaled('model.layers.0.q.weight')).toEqual(
      plus(
        'model.layers.0.q.weight',
        delta.map((value) => -Math.fround(0.5 * value)),
      ),
    );
    const whole = await added(writePair, 'merge m = ties(base, [tone], density: 100%)');
    expect(whole('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', delta));
    const cut = await added(writePair, 'merge m = base + trim(tone, density: 40%)');
    const largest = [...delta].map(Math.abs).sort((a, b) => b - a)[14]!;
    expect(cut('model.layers.0.q.weight')).toEqual(
      plus(
        'model.layers.0.q.weight',
        delta.map((value) => (Math.abs(value) < largest ? 0 : value)),
      ),
    );
  });

  test('on a step, and two of them as experts', async () => {
    using folder = testFolder();
    writePair(join(folder.path, 'tone'));
    writePeft(join(folder.path, 'hero'), { 'model.layers.1.q': q1 }, { lora_alpha: 2 });
    const text = `merge half = 0.5 * base + 0.5 * base
      adapter tone = lora("./tone", on: half)
      adapter hero = lora("./hero", on: base)
      merge m = task_arithmetic(half, [tone, hero])
      output m to "./out"`;
    valueOf(await runRecipe(writeRecipe(folder.path, { base }, text)));
    const { tensors } = await readOutput(join(folder.path, 'out'));
    expect(tensors.get('model.layers.0.q.weight')).toEqual(plus('model.layers.0.q.weight', delta));
    expect(tensors.get('model.layers.1.q.weight')).toEqual(
      plus('model.layers.1.q.weight', change(q1, 1)),
    );
  });

  test('another alpha is another output', async () => {
    using folder = testFolder();
    const tone = join(folder.path, 'tone');
    const text = `adapter tone = lora("./tone", on: base)\nmerge m = base + tone\noutput m to "./out"`;
    const path = writeRecipe(folder.path, { base }, text);
    const run = (): ReturnType<typeof runRecipe> => runRecipe(path, { overwrite: false });
    writePair(tone);
    expect(await run()).toMatchObject({ ok: true, value: { outputs: [{ upToDate: false }] } });
    expect(await run()).toMatchObject({ ok: true, value: { outputs: [{ upToDate: true }] } });
    writeFileSync(join(tone, 'adapter_config.json'), '{"r": 3, "lora_alpha": 5}');
    expect(await run()).toMatchObject({ ok: false });
  });
});

const toned = `merge sum = base + 0.7 * tone
  merge cut = ties(base, [tone, base - sum], density: 30%, scope: whole)
  output sum to "./out/sum" { dtype = f32 }
  output cut to "./out/cut"`;

test('the same files on the oracle, the GPU and in the panel', async () => {
  using folder = testFolder();
  const modules = { 'model.layers.0.q': q0, 'model.embed': embed, 'model.conv': conv };
  writePeft(join(folder.path, 'tone'), modules);
  const text = `adapter tone = lora("./tone", on: base)\n${toned}`;
  const path = writeRecipe(folder.path, { base }, text);
  const { fingerprints } = await runAll(path, {});
  for (const [way, compute] of [
    [{ backend: 'oracle' }],
    [{ backend: 'gpu' }],
    [{ threads: 2 }, panelRun({ backend: 'wasm' })],
    [{}, panelRun({ backend: 'gpu' }, panelLine({ gpu: await pageGpu() }))],
  ] as const)
    expect((await runAll(path, way, compute)).fingerprints).toEqual(fingerprints);
});

test('tensors of several slices: the same files on threads and in little memory', async () => {
  using folder = testFolder();
  const rows = 811;
  const columns = 701;
  const count = rows * columns;
  const model: TestModel = {
    'a.weight': tensor(weights(count, 1), 'BF16', [rows, columns]),
    'b.weight': tensor(weights(count, 2), 'BF16', [rows, columns]),
    'c.weight': tensor(weights(12, 3), 'BF16', [4, 3]),
  };
  const pair = factors([8, columns], [rows, 8], { seed: 11, dtype: 'BF16' });
  const turned = factors([5, rows], [columns, 5], { seed: 12, dtype: 'F16' });
  const small = factors([1, 3], [4, 1], { seed: 13 });
  writeTensors(join(folder.path, 'tone'), 'tone.safetensors', {
    'a.lora_A.weight': pair.down,
    'a.lora_B.weight': pair.up,
    'b.lora_A.weight': turned.down,
    'b.lora_B.weight': turned.up,
    'c.lora_A.weight': small.down,
    'c.lora_B.weight': small.up,
  });
  const text = `adapter tone = lora("./tone", on: base)\n${toned}`;
  const path = writeRecipe(folder.path, { base: model }, text);
  const { fingerprints } = await runAll(path, {});
  for (const way of [{ threads: 2 }, { memory: 17_000_000 }] as const)
    expect((await runAll(path, way)).fingerprints).toEqual(fingerprints);
  const { tensors } = await readOutput(join(folder.path, 'out/sum'));
  const delta = change(turned, 1, { isTurned: true });
  const before = new Float32Array(
    Uint32Array.from(model['b.weight']!.words, (word) => word << 16).buffer,
  );
  const expected = Float32Array.from(before, (value, i) =>
    Math.fround(value + Math.fround(Math.fround(0.7) * delta[i]!)),
  );
  expect(Float32Array.from(tensors.get('b.weight')!)).toEqual(expected);
});

describe('refused, by name and with a reason', () => {
  const one = { 'model.layers.0.q': q0 } as const;
  const peft =
    (
      config: Readonly<Record<string, unknown>>,
      modules: Readonly<Record<string, TestFactors>> = one,
    ) =>
    (folder: string): void =>
      writePeft(folder, modules, config);
  const files =
    (tensors: TestModel) =>
    (folder: string): void =>
      writeTensors(folder, 'tone.safetensors', tensors);
  const vector = tensor([1, 2, 3, 4, 5]);

  test.each<readonly [string, (folder: string) => void, string, RegExp]>([
    ['DoRA by its configuration', peft({ use_dora: true }), 'MW4524', /DoRA \(use_dora\)/],
    [
      'DoRA by its tensors',
      files({
        'q.lora_A.weight': q0.down,
        'q.lora_B.weight': q0.up,
        'q.lora_magnitude_vector': vector,
      }),
      'MW4524',
      /DoRA.*lora_magnitude_vector/,
    ],
    ['IA3', peft({ peft_type: 'IA3' }), 'MW4524', /"IA3", not a LoRA/],
    ['biases', peft({ lora_bias: true }), 'MW4524', /lora_bias/],
    ['whole tensors', peft({ modules_to_save: ['lm_head'] }), 'MW4524', /modules_to_save/],
    [
      'layers that stand for others',
      peft({ layer_replication: [[0, 2]] }),
      'MW4524',
      /layer_replication/,
    ],
    ['parameters', peft({ target_parameters: ['experts'] }), 'MW4524', /target_parameters/],
    ['PiSSA', peft({ init_lora_weights: 'pissa_niter_4' }), 'MW4524', /pissa_niter_4/],
    [
      'LoHa',
      files({ 'lora_unet_q.hada_w1_a': vector, 'lora_unet_q.alpha': vector }),
      'MW4524',
      /LoHa.*hada_w1_a/,
    ],
    ['LoKr', files({ 'lora_unet_q.lokr_w1': vector }), 'MW4524', /LoKr/],
    ['three factors', files({ 'lora_unet_q.lora_mid.weight': vector }), 'MW4524', /three factors/],
    [
      'tensors beside the factors',
      files({ 'q.lora_A.weight': q0.down, 'q.lora_B.weight': q0.up, 'lm_head.weight': vector }),
      'MW4524',
      /not read: "lm_head.weight"/,
    ],
    ['a model', files({ 'q.weight': vector }), 'MW4525', /no factors of a LoRA, but "q.weight"/],
    ['half a pair', files({ 'q.lora_A.weight': q0.down }), 'MW4525', /lacks its second factor/],
    [
      'unlike ranks',
      files({ 'q.lora_A.weight': q0.down, 'q.lora_B.weight': q1.up }),
      'MW4525',
      /\[3, 7\] and \[5, 2\], make no product/,
    ],
    [
      'a rank that is told otherwise',
      peft({ r: 4 }),
      'MW4525',
      /rank 3, and adapter_config.json says 4/,
    ],
    ['no rank', peft({ r: 'many' }), 'MW4525', /no whole rank/],
    [
      'no alpha',
      peft({ lora_alpha: null, alpha_pattern: { q: [] } }),
      'MW4525',
      /"q" in `alpha_pattern` no number/,
    ],
    [
      'a pattern that runs away',
      peft({ rank_pattern: { '(?=a)': 3 } }),
      'MW4525',
      /pattern.*not read/,
    ],
    [
      'an alpha that is no number',
      files({ 'q.lora_down.weight': q0.down, 'q.lora_up.weight': q0.up, 'q.alpha': tensor([NaN]) }),
      'MW4525',
      /no single number/,
    ],
    [
      'factors of integers',
      files({
        'q.lora_A.weight': {
          dtype: 'I32',
          shape: [1, 2],
          words: words(Uint32Array.of(1, 2), 'F32').words,
        },
        'q.lora_B.weight': tensor([1, 2], 'F32', [2, 1]),
      }),
      'MW4525',
      /type I32/,
    ],
    [
      'PEFT’s file without its configuration',
      files({
        'base_model.model.q.lora_A.weight': q0.down,
        'base_model.model.q.lora_B.weight': q0.up,
      }),
      'MW4525',
      /told by adapter_config.json/,
    ],
  ])('%s', async (_, write, code, message) => {
    using folder = testFolder();
    write(folder.path);
    const opened = await openCheckpoint({ kind: 'local', path: folder.path, as: 'adapter' });
    expect(opened).toMatchObject({ ok: false, fault: { code } });
    if (!opened.ok) expect(opened.fault.message).toMatch(message);
  });

  test.each<readonly [string, (folder: string) => void, RegExp]>([
    [
      'modules that the model has not',
      peft({}, { 'model.layers.0.q': q0, 'model.layers.7.q': q0, 'model.layers.8.q': q0 }),
      /2 of the 3 modules .* match no tensor of the model: "base_model.model.model.layers.7.q", "base_model.model.model.layers.8.q"\. .*"model.conv.weight"/,
    ],
    [
      'kohya’s names of another model',
      (folder) => writeKohya(folder, { lora_unet_down_blocks_0_attn: { ...q0, alpha: 1 } }),
      /1 of the 1 modules/,
    ],
    [
      'another shape',
      peft({}, { 'model.layers.0.q': factors([3, 9], [5, 3]) }),
      /makes a change of \[5, 9\], and "model.layers.0.q.weight" of the model is \[5, 7\]/,
    ],
  ])('%s: told at its declaration', async (_, write, message) => {
    using folder = testFolder();
    write(join(folder.path, 'tone'));
    const path = writeRecipe(
      folder.path,
      { base },
      'adapter tone = lora("./tone", on: base)\nmerge m = base + tone\noutput m to "./out"',
    );
    const { checked, text } = valueOf(await openRecipe(path));
    const errors = checked.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'MW4526', message: expect.stringMatching(message) }]);
    expect(text.slice(errors[0]!.start, errors[0]!.end)).toBe('lora("./tone", on: base)');
  });

  test('nothing at all', async () => {
    using folder = testFolder();
    const path = join(folder.path, 'empty');
    mkdirSync(path);
    expect(await openCheckpoint({ kind: 'local', path, as: 'adapter' })).toMatchObject({
      fault: { code: 'MW4520' },
    });
    rmSync(path, { recursive: true });
    expect(await openCheckpoint({ kind: 'local', path, as: 'adapter' })).toMatchObject({
      fault: { code: 'MW4501' },
    });
  });
});

test('a model with an adapter, as mergekit names it, is imported and runs', async () => {
  using folder = testFolder();
  writeRecipe(folder.path, { base }, '');
  writePeft(join(folder.path, 'tone'), { 'model.layers.0.q': q0 }, { lora_alpha: 6 });
  const { recipe } = importYaml({
    text: `merge_method: linear
models:
  - model: ./base+./tone
    parameters: { weight: 1 }
dtype: float32
`,
    title: 'blend',
  });
  const path = join(folder.path, 'blend.merge');
  writeFileSync(path, recipe!.text);
  expect(valueOf(await runRecipe(path)).kind).toBe('done');
  const { tensors } = await readOutput(join(folder.path, 'out/blend'));
  expect(tensors.get('model.layers.0.q.weight')).toEqual(
    plus('model.layers.0.q.weight', change(q0, 2)),
  );
  expect(tensors.get('model.embed.weight')).toEqual(own('model.embed.weight'));
});

test('previews and expectations measure what an adapter changes', async () => {
  using folder = testFolder();
  writePeft(join(folder.path, 'tone'), { 'model.layers.0.q': q0 }, { lora_alpha: 6 });
  const other = { ...base, 'model.layers.1.q.weight': tensor(weights(35, 9), 'F32', [5, 7]) };
  const text = `adapter tone = lora("./tone", on: base)
    merge m = base + 0.5 * (other - base) + 0.5 * tone
    expect distance(m, other) > 10%
    expect finite(m)
    output m to "./out" { dtype = f8_e5m2 }`;
  const path = writeRecipe(folder.path, { base, other }, text);
  const { checked, checkpoints } = valueOf(await openRecipe(path));
  expect(checked.diagnostics).toEqual([]);
  const step = checked.steps[0]!;
  const plain = { backend: 'wasm', threads: 1, memory: 64_000_000 } as const;
  const reading = { kind: 'exact' } as const;
  const shown = valueOf(await preview({ checked, checkpoints, step, reading, ...plain }));
  expect(shown.expectations.map(({ verdict }) => verdict)).toEqual(['held', 'held']);
});
