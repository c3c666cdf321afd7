/** Files that are hostile, damaged, or something else. */
import { expect, test } from 'vitest';
import { dictOf } from '../pickle/sample-pickles.ts';
import type { Written } from '../pickle/sample-pickles.ts';
import { stateDict, storageOf, torchLegacy, torchZip, zipOf } from './sample-torch.ts';
import type { SampleTensor } from './sample-torch.ts';
import { b, check, kinds, read, w } from './test-kit.ts';
import { mostPickleBytes } from './torch-file.ts';

test('pickles beyond the cap', async () => {
  const bytes = Buffer.alloc(mostPickleBytes + 1, 'N');
  await check(zipOf([{ name: 'a/data.pkl', bytes }]), 'MW4591', /more than 16000000 bytes/);
  const text = 'x'.repeat(mostPickleBytes);
  await check(
    torchLegacy(() => text),
    'MW4591',
    /pickles of more than 16 MB/,
  );
});

test('values that are no state dict', async () => {
  await check(
    torchZip((word) => word(w)),
    'MW4594',
    /one tensor without a name/,
  );
  await check(
    torchZip((word) => ({ list: [word(w)] })),
    'MW4594',
    /something else than a dict/,
  );
  await check(
    torchZip(() => dictOf({})),
    'MW4594',
    /no tensors at its top/,
  );
  await check(
    torchZip((word) => dictOf({ state: { dict: [[0, word(w)]] }, param_groups: { list: [] } })),
    'MW4595',
    /state of an optimizer/,
  );
  await check(
    torchZip((word) => ({
      dict: [
        ['w', word(w)],
        ['w', word(b)],
      ],
    })),
    'MW4511',
    /"w" .* twice/,
  );
  for (const name of [7, '__metadata__', 'x'.repeat(5000)]) {
    await check(
      torchZip((word) => ({ dict: [[name, word(w)]] })),
      'MW4591',
      /name that no tensor/,
    );
  }
});

test('views whose elements do not lie in their order are refused by name', async () => {
  const view = (tensor: Partial<SampleTensor>): Buffer =>
    torchZip((word) => stateDict({ b, turned: { ...w, ...tensor } }, word));
  await check(view({ shape: [3, 2], strides: [1, 3] }), 'MW4593', /"turned" .* strides \[1, 3\]/);
  await check(view({ shape: [4, 6], strides: [0, 1] }), 'MW4593', /strides \[0, 1\]/);
  await check(view({ shape: [2], strides: [2] }), 'MW4593', /strides \[2\]/);
  const negated = torchZip((word) => {
    const { call, args } = word(w) as { readonly call: Written; readonly args: readonly Written[] };
    return dictOf({ turned: { call, args: [...args, dictOf({ neg: true })] } });
  });
  await check(negated, 'MW4593', /negates/);
});

test('tensors that lie about their storage', async () => {
  const view = (tensor: Partial<SampleTensor>): Buffer =>
    torchZip((word) => stateDict({ w: { ...w, ...tensor } }, word));
  await check(view({ shape: [7] }), 'MW4591', /\[7\] reaches beyond its storage/);
  await check(view({ shape: [3], offset: 4 }), 'MW4591', /beyond/);
  await check(view({ shape: [3], offset: -1 }), 'MW4591', /beyond/);
  await check(view({ shape: [3], offset: 2 ** 53 - 1 }), 'MW4591', /beyond/);
  await check(view({ shape: [2 ** 30, 2 ** 30] }), 'MW4591', /beyond/);
  await check(view({ shape: [2 ** 30, 2 ** 30, 2 ** 30] }), 'MW4591', /do not fit/);
  await check(
    view({ shape: [2 ** 31 - 1, 2 ** 31 - 1, 4], strides: [4, 4, 1] }),
    'MW4593',
    /strides/,
  );
  await check(view({ shape: [-1] }), 'MW4591', /do not fit each other/);
  await check(view({ shape: [2], strides: [1, 1] }), 'MW4591', /do not fit/);
  await check(view({ shape: Array<number>(65).fill(1) }), 'MW4591', /do not fit/);
  await check(view({ dtype: 'float8_e4m3fn' }), 'MW4591', /type without a name/);
  const complex = storageOf('ComplexFloatStorage', 8, new Uint8Array(8));
  await check(view({ storage: complex, shape: [1] }), 'MW4509', /"complex64", which is not read/);
});

test.each(kinds)(
  '%s: a pickle that would run something is refused by name and place',
  async (_, file) => {
    const attack: Written = { call: { global: ['posix', 'system'] }, args: ['touch /tmp/owned'] };
    const bytes = file((word) => dictOf({ w: word(w), attack }));
    const at = bytes.indexOf('cposix\n');
    await check(
      bytes,
      'MW4590',
      new RegExp(`asks for posix.system at byte ${at}, .* nothing of it was run`),
    );
    const config: Written = { call: { global: ['argparse', 'Namespace'] }, args: [] };
    await check(
      file((word) => dictOf({ w: word(w), config })),
      'MW4590',
      /argparse.Namespace/,
    );
  },
);

test('archives that are compressed, encrypted, of other bytes or for another purpose', async () => {
  const good = torchZip((word) => stateDict({ w, b }, word));
  const changed = (change: (bytes: Buffer, directory: number) => void): Buffer => {
    const copy = Buffer.from(good);
    change(copy, copy.indexOf('PK\x01\x02', 0, 'latin1'));
    return copy;
  };
  await check(
    changed((bytes, at) => bytes.writeUInt16LE(8, at + 10)),
    'MW4592',
    /compressed/,
  );
  await check(
    changed((bytes, at) => bytes.writeUInt16LE(1, at + 8)),
    'MW4592',
    /encrypted/,
  );
  await check(
    changed((bytes) => bytes.writeUInt16LE(8, 8)),
    'MW4591',
    /contradicts/,
  );
  await check(
    torchZip(() => dictOf({}), { byteOrder: 'big' }),
    'MW4592',
    /in the order "big"/,
  );
  await check(
    torchLegacy(() => dictOf({}), { littleEndian: false }),
    'MW4592',
    /highest byte/,
  );
  const bytes = new Uint8Array();
  const named = (...names: readonly string[]): Buffer =>
    zipOf(names.map((name) => ({ name, bytes })));
  await check(named('a/data.pkl', 'a/constants.pkl'), 'MW4592', /TorchScript/);
  await check(named('word/document.xml'), 'MW4591', /without a data.pkl/);
  await check(named('a/data.pkl', 'b/data.pkl'), 'MW4591', /more than one data.pkl/);
  await check(named('a/data.pkl', 'a/../../x'), 'MW4591', /"a\/..\/..\/x" that leads out/);
  await check(named('a/data.pkl', '/etc/passwd'), 'MW4591', /leads out/);
  await check(named('a/data.pkl', 'a/data.pkl'), 'MW4591', /two entries of one name/);
  await check(named('a/data.pkl'), 'MW4591', /ends in the middle/);
  const tar = Buffer.alloc(1024);
  tar.write('ustar', 257);
  await check(tar, 'MW4592', /tar file/);
});

test('directories that lie', async () => {
  const good = torchZip((word) => stateDict({ w, b }, word));
  const end = good.length - 22;
  const record = good.indexOf('PK\x06\x06', 0, 'latin1');
  const directory = good.indexOf('PK\x01\x02', 0, 'latin1');
  const storage = good.lastIndexOf('archive/data/0') - 46;
  const changed = (change: (bytes: Buffer) => unknown): Buffer => {
    const copy = Buffer.from(good);
    change(copy);
    return copy;
  };
  await check(
    changed((bytes) => bytes.writeUInt16LE(1, end + 20)),
    'MW4506',
    /ends with its directory/,
  );
  await check(Buffer.concat([good, Buffer.alloc(1)]), 'MW4506', /ends with its directory/);
  await check(
    changed((bytes) => bytes.writeBigUInt64LE(2n ** 60n, record + 48)),
    'MW4591',
    /does not lie/,
  );
  await check(
    changed((bytes) => bytes.writeBigUInt64LE(2n ** 60n, record + 32)),
    'MW4591',
    /does not lie/,
  );
  await check(
    changed((bytes) => bytes.writeBigUInt64LE(7n, record + 32)),
    'MW4591',
    /damaged zip directory/,
  );
  await check(
    changed((bytes) => bytes.writeUInt32LE(0, directory)),
    'MW4591',
    /damaged zip directory/,
  );
  await check(
    changed((bytes) => bytes.writeUInt16LE(0xffff, directory + 28)),
    'MW4591',
    /damaged/,
  );
  await check(
    changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, directory + 42)),
    'MW4591',
    /damaged/,
  );
  await check(
    changed((bytes) => bytes.writeUInt32LE(0, storage + 42)),
    'MW4591',
    /overlap/,
  );
  await check(
    changed((bytes) => {
      bytes.writeUInt32LE(12, storage + 20);
      bytes.writeUInt32LE(12, storage + 24);
    }),
    'MW4591',
    /12 bytes in its storage "0", which is said to have 24/,
  );
  // A comment behind the end record is allowed; the record is found before it.
  const commented = changed((bytes) => bytes.writeUInt16LE(5, end + 20));
  expect((await read(Buffer.concat([commented, Buffer.from('hello')]))).tensors).toHaveLength(2);
});

test('legacy files whose parts contradict each other', async () => {
  const good = torchLegacy((word) => stateDict({ w, b }, word));
  await check(
    good.subarray(0, good.length - 1),
    'MW4506',
    /ends too early: its tensors take \d+ bytes, the file has \d+ bytes/,
  );
  await check(Buffer.concat([good, Buffer.alloc(3)]), 'MW4591', /3 bytes behind its tensors/);
  await check(good.subarray(0, 200), 'MW4506', /breaks off in its pickles/);
  const counted = Buffer.from(good);
  counted[good.length - 8 - 8] = 9;
  await check(counted, 'MW4591', /counts other elements/);
  const keys = Buffer.from(good);
  keys.writeUInt8(0x39, good.lastIndexOf('940817'));
  keys.writeUInt8(0x39, good.lastIndexOf('940817') + 1);
  await check(keys, 'MW4591', /lists other storages/);
});

test('files that are something else', async () => {
  await check(Buffer.alloc(0), 'MW4504', /is empty/);
  await check(Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'MW4505', /git-LFS/);
  await check(Buffer.from('GGUF\x03\0\0\0'), 'MW4522', /GGUF/);
  await check(Buffer.from('<!doctype html>'), 'MW4591', /neither/);
  await check(Buffer.from('\x80\x02}q\0.', 'latin1'), 'MW4591', /none that PyTorch saved/);
  await check(
    Buffer.from('\x10\0\0\0\0\0\0\0{"a":{}}', 'latin1'),
    'MW4591',
    /is a safetensors file/,
  );
});
