/** PyTorch files for tests, byte by byte as `torch.save` lays them out. */
import { crc32 } from 'node:zlib';
import { dictOf, writePickle } from '../pickle/sample-pickles.ts';
import type { Written } from '../pickle/sample-pickles.ts';

export interface SampleStorage {
  /** `['torch', 'FloatStorage']` */
  readonly type: readonly [string, string];
  readonly elementBytes: number;
  readonly bytes: Uint8Array;
}

/** A tensor: a view of a storage. Two views may share one. */
export interface SampleTensor {
  readonly storage: SampleStorage;
  readonly shape: readonly number[];
  /** Row by row unless given. */
  readonly strides?: readonly number[];
  /** In elements. */
  readonly offset?: number;
  /** The type of a tensor whose storage is untyped, such as `float8_e4m3fn`. */
  readonly dtype?: string;
}

/** Words a tensor; the storage gets its key in the file when it is worded first. */
export type WordTensor = (tensor: SampleTensor) => Written;

export function storageOf(type: string, elementBytes: number, bytes: Uint8Array): SampleStorage {
  return { type: ['torch', type], elementBytes, bytes };
}

export function floatTensor(values: readonly number[], shape: readonly number[]): SampleTensor {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return { storage: storageOf('FloatStorage', 4, bytes), shape };
}

/** The `state_dict()` of a module. */
export function stateDict(
  tensors: Readonly<Record<string, SampleTensor>>,
  word: WordTensor,
): Written {
  const metadata: Written = { ordered: [['', dictOf({ version: 1 })]] };
  return {
    ordered: Object.entries(tensors).map(([name, tensor]) => [name, word(tensor)] as const),
    state: dictOf({ _metadata: metadata }),
  };
}

/** A zip archive, as PyTorch writes it since 1.6. */
export function torchZip(
  value: (word: WordTensor) => Written,
  options: { readonly name?: string; readonly byteOrder?: string } = {},
): Buffer {
  const { name = 'archive', byteOrder = 'little' } = options;
  const keys = new StorageKeys((index) => String(index), false);
  const pickle = writePickle(value((tensor) => keys.word(tensor)));
  return zipOf(
    [
      ['data.pkl', pickle],
      ['.format_version', Buffer.from('1')],
      ['.storage_alignment', Buffer.from('64')],
      ['byteorder', Buffer.from(byteOrder)],
      ...keys.inOrder().map(([key, { bytes }]) => [`data/${key}`, Buffer.from(bytes)] as const),
      ['version', Buffer.from('3\n')],
      ['.data/serialization_id', Buffer.from('0'.repeat(40))],
    ].map(([entry, bytes]) => ({ name: `${name}/${entry as string}`, bytes: bytes as Buffer })),
  );
}

/** The five pickles and the storages behind them, as PyTorch wrote them before 1.6. */
export function torchLegacy(
  value: (word: WordTensor) => Written,
  { littleEndian = true }: { readonly littleEndian?: boolean } = {},
): Buffer {
  // Addresses in memory, which do not grow from one to the next.
  const keys = new StorageKeys(
    (index) => String(94_081_729_898_320 + ((index * 7919) % 104_729) * 64),
    true,
  );
  const pickle = writePickle(value((tensor) => keys.word(tensor)));
  const storages = keys.inOrder().sort(([a], [b]) => (a < b ? -1 : 1));
  const machine = dictOf({
    protocol_version: 1001,
    little_endian: littleEndian,
    type_sizes: dictOf({ short: 2, int: 4, long: 4 }),
  });
  const parts = storages.flatMap(([, { bytes, elementBytes }]) => {
    const count = Buffer.alloc(8);
    count.writeBigUInt64LE(BigInt(bytes.length / elementBytes));
    return [count, Buffer.from(bytes)];
  });
  return Buffer.concat([
    writePickle(0x1950a86a20f9469cfc6cn),
    writePickle(1001),
    writePickle(machine),
    pickle,
    writePickle({ list: storages.map(([key]) => key) }),
    ...parts,
  ]);
}

class StorageKeys {
  readonly #keyOf: (index: number) => string;
  readonly #isLegacy: boolean;
  readonly #keys = new Map<SampleStorage, string>();

  constructor(keyOf: (index: number) => string, isLegacy: boolean) {
    this.#keyOf = keyOf;
    this.#isLegacy = isLegacy;
  }

  word({ storage, shape, strides = rowMajor(shape), offset = 0, dtype }: SampleTensor): Written {
    const key = this.#keys.get(storage) ?? this.#keyOf(this.#keys.size);
    this.#keys.set(storage, key);
    const count = storage.bytes.length / storage.elementBytes;
    const id: Written[] = ['storage', { global: storage.type }, key, 'cpu', count];
    if (this.#isLegacy) id.push(null);
    const common: Written[] = [
      { outside: { tuple: id } },
      offset,
      { tuple: shape },
      { tuple: strides },
      false,
      { ordered: [] },
    ];
    const maker = dtype === undefined ? '_rebuild_tensor_v2' : '_rebuild_tensor_v3';
    return {
      call: { global: ['torch._utils', maker] },
      args: dtype === undefined ? common : [...common, { global: ['torch', dtype] }],
    };
  }

  inOrder(): (readonly [string, SampleStorage])[] {
    return [...this.#keys].map(([storage, key]) => [key, storage] as const);
  }
}

export function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, i) => shape.slice(i + 1).reduce((step, size) => step * size, 1));
}

export interface SampleEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Stored entries whose bytes begin at multiples of 64, with lengths behind them and a directory for large files. */
export function zipOf(entries: readonly SampleEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const put = (...some: readonly Buffer[]): void => {
    parts.push(...some);
    at += some.reduce((length, { length: one }) => length + one, 0);
  };
  for (const { name, bytes } of entries) {
    const nameBytes = Buffer.from(name);
    const headerAt = at;
    const filled = (64 - ((at + 30 + nameBytes.length + 4) % 64)) % 64;
    put(
      words(
        '4 2 2 2 2 2 4 4 4 2 2',
        0x04034b50,
        0,
        0x0808,
        0,
        0,
        0,
        0,
        0,
        0,
        nameBytes.length,
        4 + filled,
      ),
      nameBytes,
      words('2 2', 0x4246, filled),
      Buffer.alloc(filled, 'Z'),
      Buffer.from(bytes),
      words('4 4 4 4', 0x08074b50, crc32(bytes), bytes.length, bytes.length),
    );
    directory.push(
      words(
        '4 2 2 2 2 2 2 4 4 4 2 2 2 2 2 4 4',
        ...[0x02014b50, 0, 0, 0x0808, 0, 0, 0, crc32(bytes), bytes.length, bytes.length],
        ...[nameBytes.length, 0, 0, 0, 0, 0, headerAt],
      ),
      nameBytes,
    );
  }
  const directoryAt = at;
  put(...directory);
  const [count, length, recordAt] = [entries.length, at - directoryAt, at];
  put(
    words(
      '4 8 2 2 4 4 8 8 8 8',
      ...[0x06064b50, 44, 0x1e, 0x2d, 0, 0, count, count, length, directoryAt],
    ),
    words('4 4 8 4', 0x07064b50, 0, recordAt, 1),
    words('4 2 2 2 2 4 4 2', 0x06054b50, 0, 0, count, count, length, directoryAt, 0),
  );
  return Buffer.concat(parts);
}

/** Numbers of so many bytes each, lowest byte first. */
function words(widths: string, ...values: readonly number[]): Buffer {
  return Buffer.concat(
    widths.split(' ').map((width, i) => {
      const bytes = Buffer.alloc(Number(width));
      let rest = BigInt(values[i]!);
      for (let k = 0; k < bytes.length; k += 1, rest >>= 8n) bytes[k] = Number(rest & 0xffn);
      return bytes;
    }),
  );
}
