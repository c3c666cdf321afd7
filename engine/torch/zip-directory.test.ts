/** Archives of more than 4 GB, whose numbers stand in fields of their own. */
import { expect, test } from 'vitest';
import { contentAt, findDirectory, readDirectory } from './zip-directory.ts';
import type { ZipDirectoryPlace, ZipEntry } from './zip-directory.ts';

const large = 6_000_000_000;

/** Numbers of so many bytes each, lowest byte first. */
function words(...pairs: readonly (readonly [bytes: number, value: number])[]): Buffer {
  return Buffer.concat(
    pairs.map(([bytes, value]) => {
      const word = Buffer.alloc(8);
      word.writeBigUInt64LE(BigInt(value));
      return word.subarray(0, bytes);
    }),
  );
}

interface SampleEntry {
  readonly name: string;
  readonly size: number;
  readonly headerAt: number;
}

/** An entry that has each number that does not fit 32 bits in the field for large files, behind another field. */
function entryOf({ name, size, headerAt }: SampleEntry): Buffer {
  const short = (value: number): number => Math.min(value, 0xffff_ffff);
  const fields = [size, size, headerAt].filter((value) => value > 0xffff_fffe);
  const other = words([2, 0x4246], [2, 3], [3, 0]);
  const long = words([2, 1], [2, fields.length * 8], ...fields.map((value) => [8, value] as const));
  return Buffer.concat([
    words([4, 0x02014b50], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0]),
    words([4, short(size)], [4, short(size)], [2, name.length], [2, other.length + long.length]),
    words([2, 0], [2, 0], [2, 0], [4, 0], [4, short(headerAt)]),
    Buffer.from(name),
    other,
    long,
  ]);
}

function directoryOf(entries: readonly SampleEntry[]): Buffer {
  return Buffer.concat(entries.map(entryOf));
}

/** What lies behind a directory that begins so far in the file. */
function tailOf(directory: Buffer, at: number, entries: number): Buffer {
  return Buffer.concat([
    words([4, 0x06064b50], [8, 44], [2, 30], [2, 45], [4, 0], [4, 0]),
    words([8, entries], [8, entries], [8, directory.length], [8, at]),
    words([4, 0x07064b50], [4, 0], [8, at + directory.length], [4, 1]),
    words([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff]),
    words([4, 0xffff_ffff], [4, 0xffff_ffff], [2, 0]),
  ]);
}

function entriesOf(
  entries: readonly SampleEntry[],
  at: number,
): ReadonlyMap<string, ZipEntry> | string {
  const directory = directoryOf(entries);
  const tail = tailOf(directory, at, entries.length);
  const place = findDirectory(tail, at + directory.length + tail.length);
  expect(place).toEqual({ at, byteLength: directory.length, entries: entries.length });
  const read = readDirectory(directory, place as ZipDirectoryPlace);
  return 'flaw' in read ? (read.flaw as string) : read;
}

test('numbers beyond 32 bits', () => {
  const entries = [
    { name: 'a/data.pkl', size: 100, headerAt: 0 },
    { name: 'a/data/0', size: large, headerAt: 200 },
    { name: 'a/data/1', size: 10, headerAt: large + 400 },
  ];
  const read = entriesOf(entries, large + 1000);
  if (typeof read === 'string') throw new Error(read);
  expect([...read.values()]).toMatchObject([
    { ...entries[0], limit: 200, method: 0, isEncrypted: false },
    { ...entries[1], limit: large + 400 },
    { ...entries[2], limit: large + 1000 },
  ]);
  const header = words([4, 0x04034b50], [4, 0], [2, 0], [8, 0], [8, 0], [2, 8], [2, 40]);
  expect(contentAt(Buffer.concat([header]), read.get('a/data/1')!)).toBe(large + 400 + 30 + 48);
});

test('large entries that overlap, or lie behind the directory', () => {
  const overlapping = [
    { name: 'a/data.pkl', size: large, headerAt: 0 },
    { name: 'a/data/0', size: 10, headerAt: large },
  ];
  expect(entriesOf(overlapping, large + 1000)).toMatch(/overlap/);
  const behind = [{ name: 'a/data.pkl', size: 10, headerAt: 2 * large }];
  expect(entriesOf(behind, large)).toMatch(/overlap/);
  const beyond = [{ name: 'a/data.pkl', size: 10, headerAt: 2 ** 60 }];
  expect(entriesOf(beyond, large)).toMatch(/overlap/);
});
