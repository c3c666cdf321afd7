/** What a report tells of a merge that went wrong, or right: each case is a recipe, run and read from the disk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSample } from '../../engine/checks/begin-checks.ts';
import { outputChecks } from '../../engine/checks/registry.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { parseReport, type MergeReport, type ReportTensor } from '../../engine/output/report.ts';
import { nodeFiles, type FileAccess } from '../../engine/run/file-access.ts';
import type { RunOptions } from '../../engine/run/options.ts';
import { runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { tensor, valuesOf, words, bytesOf, type TestModel } from '../kit/model.ts';
import { generator, stepped, stored, weights } from '../kit/values.ts';
import { smallModel } from '../kit/workspace.ts';

/** The report beside what a recipe's one output became. */
async function reportOf(
  models: Readonly<Record<string, TestModel>>,
  recipe: string,
  options: Partial<RunOptions> = {},
): Promise<MergeReport> {
  using folder = testFolder();
  const path = writeRecipe(folder.path, models, `${recipe}\noutput m to "./out"`);
  valueOf(await runRecipe(path, options));
  const file = join(folder.path, 'out/mergewright.json');
  return valueOf(parseReport(readFileSync(file, 'utf8'), file));
}

/** What was noted, by check; and what `changed` says, whatever came of it. */
function notes({ checks }: MergeReport): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    checks
      .filter(({ outcome, title }) => outcome === 'noted' || title === 'changed')
      .map(({ title, detail }) => [title, detail]),
  );
}

const base = smallModel();
const math = smallModel(1);
const code = smallModel(2);

describe('a merge that is as it should be', () => {
  test('every check holds, in the order of the registry', async () => {
    const { checks } = await reportOf(
      { base, math, code },
      'merge m = ties(base, [math, code], density: 60%, weight: 0.5)',
    );
    expect(checks.map(({ title }) => title)).toEqual([
      'finite',
      ...outputChecks.map(({ title }) => title),
    ]);
    expect(new Set(checks.map(({ outcome }) => outcome))).toEqual(new Set(['holds']));
  });

  test('each tensor has a line', async () => {
    using folder = testFolder();
    const values = (a: number): TestModel => ({
      'w.weight': tensor([3, 4 + a]),
      'x.count': { dtype: 'I32', shape: [1], words: Uint32Array.of(7) },
      'z.empty': tensor([], 'F32', [0, 2]),
    });
    const path = writeRecipe(
      folder.path,
      { base: values(0), math: values(2) },
      'merge m = lerp(base, math, t: 0.5)\noutput m to "./out"',
    );
    valueOf(await runRecipe(path));
    const text = readFileSync(join(folder.path, 'out/mergewright.json'), 'utf8');
    expect(
      text
        .split('\n')
        .filter((line) => line.startsWith('    {"name"'))
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "    {"name":"w.weight","elements":2,"read":2,"change":0.2,"rms":4.12311,"inputs":[{"model":"base","rms":3.53553},{"model":"math","rms":4.74342}]},
          {"name":"x.count","copied":"base"}"
    `);
  });
});

describe('a merge that gave an input back', () => {
  const recipe = 'merge m = task_arithmetic(base, [math, code], weight: 0.00001%)';

  test('the change is too small for the type', async () => {
    const report = await reportOf({ base, math, code }, recipe);
    expect(notes(report)).toMatchInlineSnapshot(`
      {
        "changed": "none of 9 computed tensors differs from base",
        "changes arrived": "lm_head.weight is that of base, though math and code differ; model.embed_tokens.weight is that of base, though math and code differ; model.layers.0.input_layernorm.weight is that of base, though math and code differ; and 6 more",
        "unlike its inputs": "every tensor has the bytes of base",
      }
    `);
    expect(report.tensors!.every(({ equals, change }) => equals === 'base' && change === 0)).toBe(
      true,
    );
  });

  test('in a wider type the change is there', async () => {
    const wide = Object.fromEntries(
      Object.entries(base).map(([name, { shape, ...at }]) => [
        name,
        tensor(valuesOf(bytesOf({ shape, ...at }), 'BF16'), 'F32', shape),
      ]),
    );
    expect(notes(await reportOf({ base: wide, math, code }, recipe))).toEqual({
      changed: expect.stringMatching(/^9 of 9 computed tensors differ from base by 0\.0000\d+ %/),
    });
  });

  test('a copy of one model', async () => {
    expect(notes(await reportOf({ base, math }, 'merge m = math'))).toEqual({
      changed: 'every tensor is a copy',
      'unlike its inputs': 'every tensor has the bytes of math',
    });
  });

  test('an expert, though a base was named', async () => {
    expect(notes(await reportOf({ base, math }, 'merge m = lerp(base, math, t: 1)'))).toMatchObject(
      {
        'unlike its inputs': 'every tensor has the bytes of math',
      },
    );
  });

  test('the same values in another type are no change', async () => {
    using folder = testFolder();
    const path = writeRecipe(
      folder.path,
      { base },
      'merge m = base\noutput m to "./out" { dtype = f32 }',
    );
    const outcome = valueOf(await runRecipe(path));
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    expect(notes(outcome.outputs[0]!.report)).toEqual({
      changed: 'none of 9 computed tensors differs from base',
      'unlike its inputs': 'every tensor has the values of base, as far as they were read',
    });
  });
});

test('an expert that is the base', async () => {
  const report = await reportOf(
    { base, math, code: base },
    'merge m = task_arithmetic(base, [math, code], weight: 0.5)',
  );
  expect(notes(report)).toMatchObject({
    'inputs differ': 'code has the values of base in every block that was read',
  });
});

test('one tensor that was left out', async () => {
  const report = await reportOf(
    { base, math, code },
    `merge m = task_arithmetic(base, [math, code], weight: 0.5) {
      at "model.norm.weight" { weight = 0 }
    }`,
  );
  expect(notes(report)).toMatchObject({
    changed: expect.stringContaining('8 of 9 computed tensors differ from base'),
    'changes arrived': 'model.norm.weight is that of base, though math and code differ',
  });
});

test('norms far from those of the inputs', async () => {
  const model = (seed: number): TestModel => ({ 'w.weight': stored(weights(4096, seed), 'F32') });
  const many = { a: model(1), b: model(20), c: model(300), d: model(4000), e: model(50000) };
  expect(notes(await reportOf(many, 'merge m = average([a, b, c, d, e])'))).toMatchObject({
    norms: expect.stringMatching(/^w\.weight has 0\.4\d* of the smallest norm$/),
  });
  const two = { a: model(1), b: model(20) };
  expect(notes(await reportOf(two, 'merge m = a + 3 * (b - a)'))).toMatchObject({
    norms: expect.stringMatching(/^w\.weight has 3\.\d* times the largest norm$/),
  });
});

test('a tensor that became zero, and one that was', async () => {
  const model = (sign: number): TestModel => ({
    'bias.weight': tensor([0, 0, 0, 0]),
    'w.weight': tensor([sign, sign, -sign, sign]),
  });
  const report = await reportOf(
    { a: model(1), b: model(-1) },
    'merge m = linear([a, b], weight: [0.5, 0.5])',
  );
  expect(notes(report)).toMatchObject({ 'no zero tensor': 'w.weight' });
});

test('values below the type’s range', async () => {
  const model = (small: number): TestModel => ({
    'w.weight': tensor([1, small, small, small], 'F16'),
  });
  const report = await reportOf({ a: model(1e-4), b: model(-5e-5) }, 'merge m = average([a, b])');
  expect(notes(report)).toMatchObject({ 'in its type’s range': '75 % of w.weight' });
});

test('infinities that were let through leave no figures', async () => {
  const model: TestModel = { 'w.weight': tensor([1, Infinity]) };
  const report = await reportOf({ a: model, b: model }, 'merge m = average([a, b])', {
    allowNonFinite: true,
  });
  expect(report.tensors).toEqual([
    {
      name: 'w.weight',
      elements: 2,
      read: 2,
      equals: 'a',
      rms: null,
      inputs: [
        { model: 'a', rms: null },
        { model: 'b', rms: null },
      ],
    },
  ]);
});

describe('a tensor of which a part is read', () => {
  const elements = 40 * 65_536 + 5;
  const large = new Uint32Array(elements).map((_, index) => 0x3f80 + (index & 0x7f));
  const read = checkSample('w.weight', elements);
  const models = (...ones: readonly number[]): Readonly<Record<string, TestModel>> => {
    const changed = large.slice();
    for (const at of ones) changed[at] = 0x3f7f;
    return {
      base: { 'w.weight': words(large, 'BF16') },
      x: { 'w.weight': words(changed, 'BF16') },
    };
  };
  const recipe = 'merge m = task_arithmetic(base, [x], weight: 1)';

  test('two of 41 blocks are', () => {
    expect(read.map(({ elements: count }) => count)).toEqual([65_536, 65_536]);
  });

  test('a change outside them is known, and its size is not', async () => {
    const isRead = (index: number): boolean =>
      read.some(({ first, elements: count }) => index >= first && index < first + count);
    const at = large.findIndex((_, index) => !isRead(index));
    const report = await reportOf(models(at), recipe);
    expect(notes(report)).toEqual({
      changed:
        '1 of 1 computed tensors differ from base, outside what was read, 2 of 41 blocks read',
      'unlike its inputs': 'every tensor has the bytes of x',
      'inputs differ': 'x has the values of base in every block that was read',
    });
    expect(report.tensors).toMatchObject([{ equals: 'x', change: 0, read: 131_072, elements }]);
  });

  test('no change at all is known too', async () => {
    const report = await reportOf(models(), recipe);
    expect(notes(report)).toMatchObject({
      'unlike its inputs': 'every tensor has the bytes of base',
    });
  });
});

describe('what is looked at is what lies on the disk', () => {
  /** Files of which one's writes come out as something else. */
  function spoiled(spoil: (bytes: Uint8Array) => Uint8Array): FileAccess {
    const files = nodeFiles();
    return { ...files, write: (path, bytes, at) => files.write(path, spoil(bytes), at) };
  }

  test('zeros in place of a merge', async () => {
    const report = await reportOf(
      { base, math },
      'merge m = task_arithmetic(base, [math], weight: 0.5)',
      { inline: spoiled((bytes) => new Uint8Array(bytes.length)) },
    );
    expect(notes(report)).toMatchObject({
      'no zero tensor': expect.stringMatching(/^lm_head\.weight; .* and 6 more$/),
    });
  });

  test('the base in place of a merge', async () => {
    const model = { 'w.weight': base['lm_head.weight']! };
    const report = await reportOf(
      { base: model, math: { 'w.weight': math['lm_head.weight']! } },
      'merge m = task_arithmetic(base, [math], weight: 0.5)',
      { inline: spoiled(() => bytesOf(model['w.weight'])) },
    );
    expect(notes(report)).toMatchObject({
      changed: 'none of 1 computed tensors differs from base',
      'unlike its inputs': 'every tensor has the bytes of base',
      'changes arrived': 'w.weight is that of base, though math differs',
    });
  });
});

test('figures are those of the values', async () => {
  const norm = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const digits = (value: number): number => Number(value.toPrecision(6));
  const model = fc
    .record({ seed: fc.nat(), elements: fc.integer({ min: 1, max: 40 }) })
    .map(({ seed, elements }) => {
      const own = weights(elements, seed);
      return { own, other: stepped(own, seed + 1), t: generator(seed)() };
    });
  await fc.assert(
    fc.asyncProperty(model, async ({ own, other, t }) => {
      const { tensors } = await reportOf(
        { a: { w: stored(own, 'F32') }, b: { w: stored(other, 'F32') } },
        `merge m = lerp(a, b, t: ${t.toFixed(4)})`,
      );
      const [told] = tensors as readonly [ReportTensor];
      const rms = (values: Float32Array): number =>
        digits(norm([...values]) / Math.sqrt(values.length));
      expect(told.inputs).toEqual([
        { model: 'a', rms: rms(own) },
        { model: 'b', rms: rms(other) },
      ]);
      const f = Number(t.toFixed(4));
      const apart = norm([...own].map((value, index) => f * (other[index]! - value)));
      const change = apart / norm([...own]);
      // Told with six digits, of values stored in 24 bits.
      expect(Math.abs(told.change! - change)).toBeLessThanOrEqual(
        5.1e-6 * change + 2 ** -22 * (1 + change),
      );
    }),
    { numRuns: 20 },
  );
});
