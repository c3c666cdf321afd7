import { expect, test } from 'vitest';
import { layoutShards } from './layout.ts';
import { tensorsOf } from './sample-files.ts';
import { pieceBytes, pieceCount } from './pieces.ts';
import { hashPieces, weightsDigest } from './weights-digest.ts';

function layout(words: Readonly<Record<string, string>>, shardBytes?: number) {
  const made = layoutShards(tensorsOf(words), shardBytes === undefined ? {} : { shardBytes });
  if (!made.ok) throw new Error(made.fault.message);
  return made.value;
}

test('one file: names in byte order, metadata of the format alone, spaces to eight bytes', () => {
  const { files, indexJson, totalBytes } = layout({ b: 'BF16 []', a: 'F32 [2]', 10: 'U8 [3]' });
  expect(indexJson).toBeUndefined();
  expect(totalBytes).toBe(13);
  const [file] = files;
  expect(file!.name).toBe('model.safetensors');
  expect(Buffer.from(file!.header.subarray(8)).toString()).toMatchInlineSnapshot(
    `"{"__metadata__":{"format":"pt"},"10":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"F32","shape":[2],"data_offsets":[3,11]},"b":{"dtype":"BF16","shape":[],"data_offsets":[11,13]}}      "`,
  );
  expect(file!.header.length % 8).toBe(0);
  expect(Buffer.from(file!.header).readBigUInt64LE()).toBe(BigInt(file!.header.length - 8));
  expect(file!.size).toBe(file!.header.length + 13);
});

test('shards are filled greedily up to the size, a larger tensor alone', () => {
  const { files, tensors, indexJson } = layout(
    { a: 'U8 [6]', b: 'U8 [4]', c: 'U8 [1]', d: 'U8 [30]', e: 'U8 [2]', f: 'U8 [0]' },
    10,
  );
  expect(files.map(({ name }) => name)).toEqual([
    'model-00001-of-00004.safetensors',
    'model-00002-of-00004.safetensors',
    'model-00003-of-00004.safetensors',
    'model-00004-of-00004.safetensors',
  ]);
  expect([...tensors].map(([name, { file }]) => `${name}${file}`)).toEqual([
    'a0',
    'b0',
    'c1',
    'd2',
    'e3',
    'f3',
  ]);
  expect(JSON.parse(indexJson!)).toMatchObject({
    metadata: { total_size: 43 },
    weight_map: { a: 'model-00001-of-00004.safetensors', d: 'model-00003-of-00004.safetensors' },
  });
});

test('one shard keeps the plain name, and no tensors make an empty file', () => {
  expect(layout({ a: 'U8 [6]' }, 10).files.map(({ name }) => name)).toEqual(['model.safetensors']);
  expect(layout({}).files).toMatchObject([{ name: 'model.safetensors' }]);
});

test('a header that the format does not allow is a fault with a way out', () => {
  const long = 'x'.repeat(1_000_000);
  const many = Array.from(
    { length: 101 },
    (_, i) => ({ name: `${i}${long}`, dtype: 'U8', shape: [1] }) as const,
  );
  expect(layoutShards(many)).toMatchObject({ ok: false, fault: { code: 'MW4560' } });
  expect(layoutShards(many, { shardBytes: 50 })).toMatchObject({ ok: true });
});

test('the weights digest of two small tensors is the known one, whatever their order', () => {
  const a = {
    name: 'a',
    dtype: 'F32',
    shape: [2],
    pieceHashes: hashPieces(new Uint8Array(new Float32Array([1, 2]).buffer)),
  } as const;
  const b = {
    name: 'b',
    dtype: 'BF16',
    shape: [],
    pieceHashes: hashPieces(new Uint8Array([0x00, 0x3f])),
  } as const;
  const known = 'f69886ee60c435e5997db55ba88a75e65ef52855083c76f1558f3aa6a9e6dd54';
  expect(weightsDigest([a, b])).toBe(known);
  expect(weightsDigest([b, a])).toBe(known);
});

test('pieces are a mebibyte from the tensor’s start; an empty tensor has none', () => {
  expect(hashPieces(new Uint8Array(2 * pieceBytes + 1))).toHaveLength(3);
  expect([0, 1, pieceBytes, pieceBytes + 1].map(pieceCount)).toEqual([0, 1, 1, 2]);
  expect(() => weightsDigest([{ name: 'a', dtype: 'U8', shape: [1], pieceHashes: [] }])).toThrow(
    'piece hashes',
  );
  const shared = new Uint8Array(new SharedArrayBuffer(3));
  expect(hashPieces(shared)).toEqual(hashPieces(new Uint8Array(3)));
});
