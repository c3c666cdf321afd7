/** Every type that is computed with, as an operand and as a result, against plain arithmetic in doubles. */
import { expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { merge, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { bytesOf, tensor, words, type TestModel, type TestTensor } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { pageGpu, panelLine, panelRun } from '../kit/panel-line.ts';
import { generator, stepped, weights } from '../kit/values.ts';
import { bf16, e4m3, e5m2, f16, f32, type Round } from './reference.ts';

const types = {
  F64: { word: 'f64', round: (x) => x },
  F32: { word: 'f32', round: f32 },
  F16: { word: 'f16', round: f16 },
  BF16: { word: 'bf16', round: bf16 },
  F8_E4M3: { word: 'f8_e4m3', round: e4m3 },
  F8_E5M2: { word: 'f8_e5m2', round: e5m2 },
} as const satisfies Readonly<Record<string, { readonly word: string; readonly round: Round }>>;
type Type = keyof typeof types;
const typeNames = Object.keys(types) as Type[];

/** Ordinary weights, ties, neighbours of ties, subnormals of every type, and sizes near the largest of the smallest. */
function hardValues(count: number, seed: number): number[] {
  const next = generator(seed);
  const from = [
    () => next() - 0.5,
    () => (Math.floor(next() * 64) - 32) / 16,
    () => 1 + (2 * Math.floor(next() * 4) + 1) * 2 ** -24,
    () => (Math.floor(next() * 9) - 4) * 2 ** -10,
    () => (Math.floor(next() * 9) - 4) * 2 ** -17,
    () => (Math.floor(next() * 9) - 4) * 2 ** -25,
    () => (Math.floor(next() * 9) - 4) * 2 ** -134,
    () => (Math.floor(next() * 9) - 4) * 2 ** -150,
    () => next() * 448 - 224,
    () => (next() < 0.5 ? 0 : -0),
  ];
  return Array.from({ length: count }, () => from[Math.floor(next() * from.length)]!());
}

const count = 1009;

function models(type: Type): Readonly<Record<string, TestModel>> {
  const { round } = types[type];
  return {
    a: { v: tensor(hardValues(count, 1).map(round), type), one: tensor([0.75], type, []) },
    b: { v: tensor(hardValues(count, 2).map(f32), 'F32'), one: tensor([-3], 'F32', []) },
  };
}

/** 0.75 a + 0.25 b, each operand brought to f32 first. */
function expected(type: Type): readonly number[] {
  const a = hardValues(count, 1).map(types[type].round).map(f32);
  const b = hardValues(count, 2).map(f32);
  return a.map((x, i) => f32(f32(0.75 * x) + f32(0.25 * b[i]!)));
}

const outputs = typeNames
  .map((type) => `output m to "./out/${type}" { dtype = ${types[type].word} }\n`)
  .join('');

test.each(typeNames)('%s as an operand, every type as a result', async (type) => {
  for (const to of typeNames) {
    const { tensors, files } = await merge(
      models(type),
      `merge m = linear([a, b], weight: [3, 1])
       output m to "./out" { dtype = ${types[to].word} }`,
    );
    expect(tensors.get('v')).toEqual(expected(type).map(types[to].round));
    expect(tensors.get('one')).toEqual([types[to].round(-0.1875)]);
    const bytes = bytesOf(tensor(expected(type).map(types[to].round), to));
    const file = files.get('model.safetensors')!;
    expect(file.subarray(file.length - bytes.length)).toEqual(bytes);
  }
});

test('all types together: the same files on the oracle, the GPU and the panel', async () => {
  using folder = testFolder();
  const all = typeNames.map((type) => [`x_${types[type].word}`, models(type).a!] as const);
  const names = all.map(([name]) => name).join(', ');
  const recipe = `merge m = linear([${names}], weight: [1, 2, -1, 3, 0.5, 0.7])\n${outputs}`;
  const path = writeRecipe(folder.path, Object.fromEntries(all), recipe);
  const { fingerprints, reports } = await runAll(path, {});
  for (const [way, compute] of [
    [{ backend: 'oracle' }],
    [{ threads: 2 }, panelRun({ backend: 'wasm' })],
    [{}, panelRun({ backend: 'gpu' }, panelLine({ gpu: await pageGpu() }))],
  ] as const)
    expect((await runAll(path, way, compute)).fingerprints).toEqual(fingerprints);
  const onGpu = await runAll(path, { backend: 'gpu' });
  expect(onGpu.fingerprints).toEqual(fingerprints);
  expect(Object.keys(onGpu.reports)).toEqual(Object.keys(reports));
  for (const { backends } of Object.values(onGpu.reports))
    expect(backends[0]).toMatchObject({ backend: 'gpu', slices: 1 });
});

test.each(['F8_E4M3', 'F8_E5M2', 'F64'] as const)(
  'cast to %s rounds as storing does',
  async (type) => {
    const { word, round } = types[type];
    const values = [...hardValues(count, 3), 464, 465, -61439, 61440, Infinity, NaN].map(f32);
    const recipe = `merge m = 1 * cast(a, to: ${word})\noutput m to "./out" { dtype = f32 }`;
    for (const backend of ['wasm', 'oracle'] as const) {
      const { tensors } = await merge({ a: { v: tensor(values) } }, recipe, {
        backend,
        allowNonFinite: true,
      });
      expect(tensors.get('v')).toEqual(values.map(round));
    }
  },
);

test('types mixed in one recipe, pieces and slices of odd lengths, thresholds over the whole model', async () => {
  using folder = testFolder();
  const sizes = { big: 2_600_011, small: 7 };
  const model = (type: Type, seed: number): TestModel =>
    Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => {
        const base = weights(size, 5);
        return [name, tensor(seed === 0 ? base : stepped(base, seed), type)] as const;
      }),
    );
  const mixed = { base: model('F64', 0), x: model('F8_E4M3', 1), y: model('F8_E5M2', 2) };
  const path = writeRecipe(
    folder.path,
    mixed,
    `merge m = ties(base, [x, y], density: 40%, scope: whole)
     ${typeNames.map((type) => `output m to "./out/${type}" { dtype = ${types[type].word} }`).join('\n')}`,
  );
  const { fingerprints } = await runAll(path, {});
  for (const way of [
    { threads: 2 },
    { memory: 26_000_000 },
    { threads: 2, memory: 1_000_000_000 },
  ] as const)
    expect((await runAll(path, way)).fingerprints).toEqual(fingerprints);
});

test.each([
  ['F8_E4M3', 464, 'passes'],
  ['F8_E4M3', 465, 'stops'],
  ['F8_E5M2', 61439, 'passes'],
  ['F8_E5M2', 61440, 'stops'],
  ['F64', 3e38, 'passes'],
  ['F64', Infinity, 'stops'],
] as const)('a result of %s that is %d %s', async (type, value, ending) => {
  using folder = testFolder();
  const values = new Float32Array(1_100_001);
  values[1_100_000] = value;
  const path = writeRecipe(
    folder.path,
    { a: { v: tensor(values) } },
    `merge m = 1 * a\noutput m to "./out" { dtype = ${types[type].word} }`,
  );
  const backends = value === 465 ? (['wasm', 'gpu'] as const) : (['wasm'] as const);
  for (const backend of backends) {
    const outcome = await runRecipe(path, { backend });
    if (ending === 'passes') expect(valueOf(outcome).kind).toBe('done');
    else
      expect(outcome).toMatchObject({
        ok: false,
        fault: { code: 'MW5001', message: expect.stringContaining('element 1100000') },
      });
    const allowed = await runRecipe(path, { backend, allowNonFinite: true });
    expect(valueOf(allowed).kind).toBe('done');
  }
});

test('what is not finite is stored as the one NaN and the infinities of the type', async () => {
  const special = tensor([NaN, Infinity, -Infinity, 1e6, -1e6]);
  const stored = async (type: Type): Promise<readonly number[]> => {
    const { files } = await merge(
      { a: { v: special } },
      `merge m = 1 * a\noutput m to "./out" { dtype = ${types[type].word} }`,
      { allowNonFinite: true },
    );
    const file = files.get('model.safetensors')!;
    return [...file.subarray(file.length - 5)];
  };
  expect(await stored('F8_E4M3')).toEqual([0x7f, 0x7f, 0x7f, 0x7f, 0x7f]);
  expect(await stored('F8_E5M2')).toEqual([0x7f, 0x7c, 0xfc, 0x7c, 0xfc]);
});

test.each(['F64', 'F8_E4M3', 'F8_E5M2'] as const)(
  '%s whose type does not change is copied, payloads and all',
  async (type) => {
    const v: TestTensor =
      type === 'F64'
        ? { dtype: 'F64', shape: [2], words: Uint32Array.of(5, 0xfff00000, 1, 0x7ff00000) }
        : words(
            Uint32Array.from({ length: 256 }, (_, pattern) => pattern),
            type,
          );
    const { files } = await merge({ a: { v } }, 'output a to "./out"');
    const file = files.get('model.safetensors')!;
    const bytes = bytesOf(v);
    expect(file.subarray(file.length - bytes.length)).toEqual(bytes);
  },
);
