/** Adapters from anywhere: whatever their files hold, opening one and laying it on a model gives an answer, and soon. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOn } from '../../engine/adapters/lay-on.ts';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { tensor, type TestModel, type TestTensor } from '../kit/model.ts';
import { factors, writePeft, writeTensors } from '../kit/adapter.ts';

const settings = [
  ...['peft_type', 'r', 'lora_alpha', 'rank_pattern', 'alpha_pattern', 'use_rslora', 'use_dora'],
  ...['fan_in_fan_out', 'bias', 'modules_to_save', 'layer_replication', 'init_lora_weights'],
];
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('LORA', 8, 4, 0, -1, 1e300, 2.5, true, false, null),
  fc.dictionary(fc.string({ maxLength: 12 }), fc.oneof(fc.integer(), fc.string()), { maxKeys: 3 }),
);
const configs = fc.oneof(
  fc.dictionary(fc.constantFrom(...settings), values).map((config) => JSON.stringify(config)),
  fc.json({ maxDepth: 3 }),
  fc.string(),
);

const sound = fc
  .record({ r: fc.constantFrom(2, 2, 2, 3), lora_alpha: fc.integer(), use_rslora: fc.boolean() })
  .map((config) => JSON.stringify(config));
const configsOrNone = fc.oneof(fc.constant(null), sound, configs);

const modules = [
  'base_model.model.q',
  'base_model.model.embed',
  'lora_unet_q',
  'q',
  '__proto__',
  '',
];
const endings = [
  ...['.lora_A.weight', '.lora_B.weight', '.lora_A.default.weight', '.lora_embedding_A'],
  ...[
    '.lora_embedding_B',
    '.lora_down.weight',
    '.lora_up.weight',
    '.alpha',
    '.weight',
    '.hada_w1_a',
  ],
];
const names = fc.oneof(
  fc.tuple(fc.constantFrom(...modules), fc.constantFrom(...endings)).map((parts) => parts.join('')),
  fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__metadata__'),
);
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 });
const dtypes = fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2');

function filled(shape: readonly number[], dtype: string): TestTensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(new Float32Array(count).fill(2), dtype as 'F32', shape);
}

const anything = fc.dictionary(
  names,
  fc.tuple(shapes, dtypes).map(([shape, dtype]) => filled(shape, dtype)),
  { maxKeys: 4 },
);
/** Two factors that nearly always make a product, of a matrix that the model has or has not. */
const pairs = fc
  .record({
    module: fc.constantFrom('q', 'embed', 'base_model.model.q', 'model.q', 'lora_unet_q', 'v'),
    ends: fc.constantFrom(
      ['.lora_A.weight', '.lora_B.weight'],
      ['.lora_down.weight', '.lora_up.weight'],
    ),
    rank: fc.constantFrom(2, 2, 2, 1),
    ofUp: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }),
    sizes: fc.constantFrom([4, 4], [2, 4], [4, 2], [3, 3]),
    dtype: dtypes,
  })
  .map(({ module, ends, rank, ofUp, sizes, dtype }) => ({
    [module + ends[0]!]: filled([rank, sizes[0]!], dtype),
    [module + ends[1]!]: filled([sizes[1]!, ofUp === null ? rank : ofUp], dtype),
  }));
const tensors = fc
  .tuple(
    fc.array(pairs, { maxLength: 3 }),
    fc.oneof({ arbitrary: fc.constant({}), weight: 4 }, anything),
  )
  .map(([all, more]): TestModel => Object.assign({}, ...all, more) as TestModel)
  .filter((all) => Object.keys(all).length > 0);

test('any tensors beside any configuration', async () => {
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(tensors, configsOrNone, async (held, config) => {
      using folder = testFolder();
      writeTensors(folder.path, 'adapter_model.safetensors', held);
      if (config !== null) writeFileSync(join(folder.path, 'adapter_config.json'), config);
      const found = await openCheckpoint({ kind: 'local', path: folder.path, as: 'adapter' });
      if (!found.ok) {
        expect(found.fault.message).not.toBe('');
        return;
      }
      opened++;
      const base = [
        { name: 'q.weight', dtype: 'F32', shape: [4, 4] },
        { name: 'embed.weight', dtype: 'F32', shape: [4, 2] },
      ] as const;
      const laid = layOn(found.value.adapter!, { tensors: base });
      if (laid.ok) expect(laid.value.factors.size).toBeGreaterThan(0);
      else expect(laid.fault.code).toBe('MW4526');
    }),
    { numRuns: 300, seed: 6 },
  );
  expect(opened).toBeGreaterThan(20);
});

test('factors that do not fit into memory are refused before a byte is read', async () => {
  using folder = testFolder();
  const wide = factors([64, 20_000], [4, 64]);
  writePeft(join(folder.path, 'tone'), { q: wide });
  const path = writeRecipe(
    folder.path,
    { base: { 'q.weight': tensor(new Float32Array(80_000), 'F32', [4, 20_000]) } },
    'adapter tone = lora("./tone", on: base)\nmerge m = base + tone\noutput m to "./out"',
  );
  expect(await runRecipe(path, { memory: 12_000_000 })).toMatchObject({
    ok: false,
    fault: {
      message: expect.stringMatching(/^12.0 MB are too little: one worker needs 2\d\.\d MB/),
    },
  });
  expect(await runRecipe(path, { memory: 30_000_000 })).toMatchObject({ ok: true });
});
