/** Any bits in, NaNs, infinities and subnormals among them: WebAssembly and the oracle store the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testFolder, writeRecipe } from '../kit/merge.ts';
import { words, type TestModel, type TestTensor } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';

const edges = {
  F32: [0, 0x80000000, 1, 0x7fffff, 0x800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0xffc12345],
  BF16: [0, 0x8000, 1, 0x7f, 0x80, 0x3f80, 0x7f7f, 0x7f80, 0xffc1],
  F16: [0, 0x8000, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x7c00, 0xfe01],
} as const;

function tensors(count: number): fc.Arbitrary<TestTensor> {
  return fc.constantFrom('F32', 'BF16', 'F16').chain((dtype) => {
    const word = fc.oneof(
      fc.constantFrom<number[]>(...edges[dtype]),
      fc.integer({ min: 0, max: dtype === 'F32' ? 0xffffffff : 0xffff }),
    );
    return fc
      .array(word, { minLength: count, maxLength: count })
      .map((bits) => words(Uint32Array.from(bits), dtype));
  });
}

/** Of a few sizes around those of a vector's lanes, and the three tensors of one size. */
const models = fc
  .constantFrom(1, 2, 7, 8, 9, 33)
  .chain((count) => fc.tuple(tensors(count), tensors(count), tensors(count)));

const number = fc.double({ min: -2, max: 2, noNaN: true }).map((value) => value.toFixed(4));
const density = fc.integer({ min: 1, max: 1000 }).map((value) => `${value / 10}%`);

const statements = fc.oneof(
  number.map((t) => `lerp(a, b, t: ${t})`),
  number.map((t) => `slerp(a, b, t: ${t})`),
  number.map((w) => `task_arithmetic(base, [a, b], weight: [1, ${w}], scale: 1.5)`),
  fc
    .tuple(density, number, fc.constantFrom('mean', 'sum', 'max'), fc.constantFrom('none', 'l1'))
    .map(
      ([d, w, combine, rescale]) =>
        `ties(base, [a, b], density: ${d}, weight: [0.5, ${w}], combine: ${combine}, rescale: ${rescale})`,
    ),
  fc
    .tuple(fc.constantFrom('bf16', 'f16', 'f32'), number)
    .map(
      ([compute, w]) =>
        `ties(base, [a, b], weight: [1, ${w}], compat: mergekit, compute: ${compute})`,
    ),
  fc
    .tuple(density, fc.nat(9))
    .map(([d, seed]) => `dare_ties(base, [a, b], density: ${d}, seed: ${seed})`),
);

test('WebAssembly stores what the oracle stores', async () => {
  await fc.assert(
    fc.asyncProperty(
      models,
      statements,
      fc.constantFrom('f32', 'bf16', 'f16'),
      async ([base, a, b], statement, dtype) => {
        using folder = testFolder();
        const inputs: Readonly<Record<string, TestModel>> = {
          base: { w: base },
          a: { w: a },
          b: { w: b },
        };
        const path = writeRecipe(
          folder.path,
          inputs,
          `merge m = ${statement}\noutput m to "./out" { dtype = ${dtype} }`,
        );
        const options = { allowNonFinite: true } as const;
        const oracle = await runAll(path, { ...options, backend: 'oracle' });
        const wasm = await runAll(path, { ...options, backend: 'wasm' });
        expect(wasm.fingerprints).toEqual(oracle.fingerprints);
      },
    ),
    { numRuns: 60 },
  );
});
