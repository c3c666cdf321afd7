import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testFolder } from '../kit/merge.ts';
import { tensor, words, writeModel, type TestModel, type TestTensor } from '../kit/model.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { RunCancelled } from '../../engine/run/cancelled.ts';
import { diffCheckpoints, type CheckpointDiff, type DiffRequest } from '../../engine/diff/diff.ts';
import type { TensorDifference } from '../../engine/diff/tensor-difference.ts';

type Options = Partial<Pick<DiffRequest, 'memory' | 'threads' | 'signal' | 'onProgress'>>;

async function diffOf(a: TestModel, b: TestModel, options: Options = {}): Promise<CheckpointDiff> {
  using folder = testFolder();
  const side = (name: string, model: TestModel) => {
    const path = join(folder.path, name);
    writeModel(path, model);
    return { kind: 'local', path } as const;
  };
  const sides = { a: side('a', a), b: side('b', b) };
  return valueOf(await diffCheckpoints({ ...sides, memory: 256_000_000, threads: 1, ...options }));
}

/** Values that types round and do not, in some tensors of some names. */
const someTensor: fc.Arbitrary<TestTensor> = fc
  .record({
    dtype: fc.constantFrom('F32' as const, 'BF16' as const, 'F16' as const),
    values: fc.array(fc.constantFrom(0, -0, 1, -2, 0.5, 1 / 3, 1e-7, 300), {
      minLength: 1,
      maxLength: 9,
    }),
  })
  .map(({ dtype, values }) => tensor(values, dtype));
const someModel: fc.Arbitrary<TestModel> = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), someTensor), { minLength: 1, maxLength: 4 })
  .map((tensors) => Object.fromEntries(tensors));

describe('any two models', () => {
  test('a model and itself are equal', async () => {
    await fc.assert(
      fc.asyncProperty(someModel, async (model) => {
        const { isEqual, tensors, totals } = await diffOf(model, model);
        expect({ isEqual, tensors }).toEqual({ isEqual: true, tensors: [] });
        expect(totals).toMatchObject({ equal: Object.keys(model).length, differing: 0 });
      }),
      { numRuns: 30 },
    );
  });

  test('the other way round the same is counted', async () => {
    // ‖B − A‖/‖A‖ alone knows which is which.
    const symmetric = (figures: CheckpointDiff['totals']['figures']) => ({
      largest: figures?.largest,
      cosine: figures?.cosine,
    });
    const turned = ({ totals }: CheckpointDiff): unknown => {
      const { onlyInA, onlyInB, figures, ...counts } = totals;
      return { ...counts, onlyInA: onlyInB, onlyInB: onlyInA, ...symmetric(figures) };
    };
    const straight = ({ totals: { figures, ...counts } }: CheckpointDiff): unknown => ({
      ...counts,
      ...symmetric(figures),
    });
    await fc.assert(
      fc.asyncProperty(someModel, someModel, async (a, b) => {
        expect(turned(await diffOf(b, a))).toEqual(straight(await diffOf(a, b)));
      }),
      { numRuns: 30 },
    );
  });

  test('equal is what has equal bytes, and nothing else', async () => {
    const textOf = (model: TestModel): string =>
      JSON.stringify(
        Object.entries(model)
          .map(([name, { dtype, words: bits }]) => [name, dtype, [...bits]])
          .sort(),
      );
    await fc.assert(
      fc.asyncProperty(someModel, someModel, async (a, b) => {
        expect((await diffOf(a, b)).isEqual).toBe(textOf(a) === textOf(b));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a tensor of several slices', () => {
  const elements = 1_200_003;
  const pattern = new Uint32Array(elements).map((_, index) => 0x3f80 + (index & 0x3f));
  const other = pattern.slice();
  other[7] = 0x4040;
  other[elements - 1] = 0xbf80;
  const a = { w: words(pattern, 'BF16') };
  const b = { w: words(other, 'BF16') };
  const valueOfWord = (word: number): number =>
    new Float32Array(Uint32Array.of(word << 16).buffer)[0]!;

  test('in whatever memory, the same figures', async () => {
    const [whole] = (await diffOf(a, b)).tensors as readonly (TensorDifference & {
      readonly kind: 'changed';
    })[];
    const apart = [7, elements - 1].map(
      (at) => valueOfWord(other[at]!) - valueOfWord(pattern[at]!),
    );
    let norm = 0;
    for (const word of pattern) norm += valueOfWord(word) ** 2;
    expect(whole).toMatchObject({ name: 'w', differing: 2 });
    expect(whole!.figures!.largest).toBe(Math.max(...apart.map(Math.abs)));
    expect(whole!.figures!.relative).toBeCloseTo(Math.hypot(...apart) / Math.sqrt(norm), 12);
    for (const options of [{ memory: 9_000_000 }, { memory: 64_000_000, threads: 2 }])
      expect((await diffOf(a, b, options)).tensors).toEqual([whole]);
  });

  test('a cancel ends it', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(diffOf(a, b, { signal: stop.signal })).rejects.toBeInstanceOf(RunCancelled);
  });
});

test('doubles that f32 cannot tell apart are counted, and have no size', async () => {
  const doubles = (...values: readonly number[]): TestTensor => ({
    dtype: 'F64',
    shape: [values.length],
    words: new Uint32Array(Float64Array.from(values).buffer),
  });
  const model = (last: number): TestModel => ({ w: doubles(1, 2, last) });
  expect((await diffOf(model(3), model(3 + 2 ** -40))).tensors).toEqual([
    {
      kind: 'changed',
      name: 'w',
      dtypes: ['F64', 'F64'],
      shape: [3],
      elements: 3,
      differing: 1,
      figures: { relative: 0, largest: 0, cosine: expect.closeTo(1, 12) },
    },
  ]);
});
