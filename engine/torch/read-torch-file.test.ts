/** What is read of the files that PyTorch saves. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { dictOf } from '../pickle/sample-pickles.ts';
import type { Written } from '../pickle/sample-pickles.ts';
import { floatTensor, stateDict, storageOf, torchZip } from './sample-torch.ts';
import type { SampleTensor, WordTensor } from './sample-torch.ts';
import { b, check, kinds, read, valuesOf, w } from './test-kit.ts';

test.each(kinds)('%s: each tensor is a run of bytes in the file', async (_, file) => {
  const types: Record<string, SampleTensor> = {
    double: { storage: storageOf('DoubleStorage', 8, new Uint8Array(16)), shape: [2] },
    half: { storage: storageOf('HalfStorage', 2, new Uint8Array(6)), shape: [3, 1] },
    brain: { storage: storageOf('BFloat16Storage', 2, new Uint8Array(2)), shape: [] },
    long: { storage: storageOf('LongStorage', 8, new Uint8Array(8)), shape: [1] },
    int: { storage: storageOf('IntStorage', 4, new Uint8Array(4)), shape: [1] },
    short: { storage: storageOf('ShortStorage', 2, new Uint8Array(2)), shape: [1] },
    char: { storage: storageOf('CharStorage', 1, new Uint8Array(3)), shape: [3] },
    byte: { storage: storageOf('ByteStorage', 1, new Uint8Array(3)), shape: [3] },
    bool: { storage: storageOf('BoolStorage', 1, new Uint8Array(3)), shape: [3] },
    empty: { storage: storageOf('FloatStorage', 4, new Uint8Array()), shape: [0, 5] },
    eighth: {
      storage: {
        type: ['torch.storage', 'UntypedStorage'],
        elementBytes: 1,
        bytes: new Uint8Array(4),
      },
      shape: [2],
      offset: 2,
      dtype: 'float8_e4m3fn',
    },
  };
  const header = await read(file((word) => stateDict({ w, b, ...types }, word)));
  expect(header.tensors.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join()}]`))
    .toMatchInlineSnapshot(`
    [
      "b F32 [2]",
      "bool BOOL [3]",
      "brain BF16 []",
      "byte U8 [3]",
      "char I8 [3]",
      "double F64 [2]",
      "eighth F8_E4M3 [2]",
      "empty F32 [0,5]",
      "half F16 [3,1]",
      "int I32 [1]",
      "long I64 [1]",
      "short I16 [1]",
      "w F32 [2,3]",
    ]
  `);
  expect(valuesOf(header, 'w')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(valuesOf(header, 'b')).toEqual([7, 8]);
  expect(header).not.toHaveProperty('within');
});

test.each(kinds)('%s: views of one storage, tied tensors among them', async (_, file) => {
  const storage = storageOf('FloatStorage', 4, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
  const whole: SampleTensor = { storage, shape: [2, 2] };
  const header = await read(
    file((word) =>
      stateDict(
        {
          'embed.weight': whole,
          'lm_head.weight': { ...whole },
          row: { storage, shape: [2], offset: 2 },
          column: { storage, shape: [1, 2], strides: [77, 1], offset: 1 },
        },
        word,
      ),
    ),
  );
  const [column, embed, head, row] = header.tensors;
  expect(head).toEqual({ ...embed, name: 'lm_head.weight' });
  expect(valuesOf(header, row!.name)).toEqual([3, 4]);
  expect(valuesOf(header, column!.name)).toEqual([2, 3]);
});

test.each(kinds)('%s: some thousands of tensors', async (_, file) => {
  const names = Array.from({ length: 4000 }, (_, i) => `layers.${i}.weight`);
  const tensors = Object.fromEntries(names.map((name, i) => [name, floatTensor([i, -i], [2])]));
  const header = await read(file((word) => stateDict(tensors, word)));
  expect(header.tensors).toHaveLength(names.length);
  for (const i of [0, 1, 2048, 3999]) expect(valuesOf(header, names[i]!)).toEqual([i, -i]);
});

test('parameters, and sizes as torch.Size', async () => {
  const header = await read(
    torchZip((word) => {
      const { args } = word(w) as { readonly args: readonly Written[] };
      const [storage, offset, sizes, ...rest] = args;
      const tensor: Written = {
        call: { global: ['torch._utils', '_rebuild_tensor_v2'] },
        args: [storage!, offset!, { call: { global: ['torch', 'Size'] }, args: [sizes!] }, ...rest],
      };
      return dictOf({
        w: {
          call: { global: ['torch._utils', '_rebuild_parameter'] },
          args: [tensor, true, { ordered: [] }],
        },
      });
    }),
  );
  expect(header.tensors).toMatchObject([{ name: 'w', shape: [2, 3] }]);
});

test.each(kinds)("%s: a trainer's checkpoint", async (_, file) => {
  const trained = (key: string, more: (word: WordTensor) => Record<string, Written> = () => ({})) =>
    file((word) =>
      dictOf({
        epoch: 3,
        loss: { float: 0.25 },
        hyper_parameters: dictOf({ layers: { list: [1, 2] }, name: 'small', seed: null }),
        optimizer_states: { list: [dictOf({ exp_avg: word(floatTensor([9, 9], [2])) })] },
        [key]: stateDict({ w, b }, word),
        ...more(word),
      }),
    );
  for (const key of ['state_dict', 'model_state_dict', 'model', 'module']) {
    const header = await read(trained(key));
    expect(header.within).toBe(key);
    expect(header.tensors.map(({ name }) => name)).toEqual(['b', 'w']);
    expect(valuesOf(header, 'b')).toEqual([7, 8]);
  }
  await check(
    trained('state_dict', (word) => ({ model: dictOf({ w: word(w) }) })),
    'MW4594',
    /tensors under "state_dict", "model", and does not say/,
  );
  await check(
    trained('net'),
    'MW4594',
    /no tensors at its top, nor under .* its keys are "epoch", "loss", "hyper_parameters" and 2 more/,
  );
});

test('settings among the tensors are passed over, tensors in them are not lost', async () => {
  const settings: Written = dictOf({ heads: 4, sizes: { tuple: [1, { float: 2 }] }, none: null });
  const header = await read(
    torchZip((word) => dictOf({ w: word(w), settings, again: settings, step: 7, name: 'x' })),
  );
  expect(header.tensors).toHaveLength(1);
  await check(
    torchZip((word) => dictOf({ w: word(w), deeper: { list: [dictOf({ b: word(b) })] } })),
    'MW4594',
    /"deeper" in .* is no tensor, but holds some/,
  );
});

test('the hash is of what says where tensors are', async () => {
  const file = (values: number[], name = 'w'): Buffer =>
    torchZip((word) => stateDict({ [name]: floatTensor(values, [2]) }, word));
  const bytes = file([1, 2]);
  const { headerHash, mtimeNs, size } = await read(bytes);
  const pickleAt = bytes.indexOf('\x80\x02', 0, 'latin1');
  const pickle = bytes.subarray(pickleAt, bytes.indexOf('PK\x07\x08', 0, 'latin1'));
  const directory = bytes.subarray(
    bytes.indexOf('PK\x01\x02', 0, 'latin1'),
    bytes.indexOf('PK\x06\x06', 0, 'latin1'),
  );
  const expected = createHash('sha256').update(pickle).update(directory).digest('hex');
  expect(headerHash).toBe(expected);
  expect(size).toBe(bytes.length);
  expect(mtimeNs).toMatch(/^\d{16,}$/);
  // The directory holds a checksum of each entry, so other weights give another hash.
  expect((await read(file([1, 3]))).headerHash).not.toBe(headerHash);
  expect((await read(file([1, 2], 'v'))).headerHash).not.toBe(headerHash);
});

test('an archive of the small kind of directory', async () => {
  const large = torchZip((word) => stateDict({ w, b }, word));
  const record = large.indexOf('PK\x06\x06', 0, 'latin1');
  const small = Buffer.concat([large.subarray(0, record), large.subarray(-22)]);
  expect(valuesOf(await read(small), 'b')).toEqual([7, 8]);
});
