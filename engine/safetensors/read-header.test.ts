import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readHeader } from './read-header.ts';
import { rawFile, sampleFolder } from './sample-files.ts';

const folder = sampleFolder();
afterAll(() => rmSync(folder, { recursive: true }));

async function check(
  bytes: Uint8Array | string,
  expected: { readonly code: string; readonly says?: RegExp },
): Promise<void> {
  const path = join(folder, 'model.safetensors');
  writeFileSync(path, bytes);
  await checkPath(path, expected);
}

async function checkPath(
  path: string,
  { code, says = /./ }: { readonly code: string; readonly says?: RegExp },
): Promise<void> {
  const read = await readHeader(path);
  expect(read.ok).toBe(false);
  if (read.ok) return;
  expect(read.fault.code, read.fault.message).toBe(code);
  expect(read.fault.message).toMatch(says);
  expect(read.fault.file).toBe(path);
  expect(read.fault.help).toMatch(/^[A-Z].*\.$/);
}

const tensor = (
  dtype: string,
  shape: string,
  begin: number | string,
  end: number | string,
): string => `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

test('a header gives its tensors in byte order of names, with places in the file', async () => {
  const path = join(folder, 'proper.safetensors');
  const header = `{ "b":${tensor('BF16', '[]', 24, 26)}, "__metadata__":{"format":"pt"},\n"a":${tensor('F32', '[2, 3]', 0, 24)}, "e": ${tensor('U8', '[0,9]', 24, 24)} }   `;
  const bytes = rawFile(header, 26);
  writeFileSync(path, bytes);
  const read = await readHeader(path);
  expect(read).toMatchObject({
    ok: true,
    value: {
      size: bytes.length,
      dataOffset: 8 + header.length,
      headerHash: createHash('sha256')
        .update(bytes.subarray(0, 8 + header.length))
        .digest('hex'),
      metadata: new Map([['format', 'pt']]),
      tensors: [
        { name: 'a', dtype: 'F32', shape: [2, 3], offset: 8 + header.length, byteLength: 24 },
        { name: 'b', dtype: 'BF16', shape: [], offset: 32 + header.length, byteLength: 2 },
        { name: 'e', dtype: 'U8', shape: [0, 9], offset: 32 + header.length, byteLength: 0 },
      ],
    },
  });
});

test('files that are not there, not readable or not files', async () => {
  await checkPath(join(folder, 'absent.safetensors'), { code: 'MW4501' });
  mkdirSync(join(folder, 'folder.safetensors'));
  await checkPath(join(folder, 'folder.safetensors'), { code: 'MW4503', says: /is a folder/ });
  await check('', { code: 'MW4504' });
  if (process.platform === 'win32') return;
  const pipe = join(folder, 'pipe.safetensors');
  execFileSync('mkfifo', [pipe]);
  await checkPath(pipe, { code: 'MW4503' });
  await checkPath('/dev/zero', { code: 'MW4503' });
  const locked = join(folder, 'locked.safetensors');
  writeFileSync(locked, 'x');
  chmodSync(locked, 0);
  // The superuser may read it all the same and finds it too short.
  await checkPath(locked, { code: process.getuid?.() === 0 ? 'MW4506' : 'MW4502' });
});

test('a git-LFS pointer is named as one', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 746000000\n';
  await check(pointer, { code: 'MW4505', says: /git-LFS pointer/ });
});

test('truncated files', async () => {
  const whole = rawFile(`{"a":${tensor('F32', '[1000]', 0, 4000)}}`, 4000);
  await check(whole.subarray(0, 5), { code: 'MW4506', says: /has 5 bytes/ });
  await check(whole.subarray(0, 30), { code: 'MW4506', says: /inside its own header/ });
  await check(whole.subarray(0, whole.length - 1000), {
    code: 'MW4506',
    says: /1000 bytes are missing/,
  });
});

test('a header that claims 2 GB is refused before anything is read, even if the file is that long', async () => {
  const path = join(folder, 'sparse.safetensors');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(2_000_000_000n);
  writeFileSync(path, length);
  const file = openSync(path, 'r+');
  ftruncateSync(file, 3_000_000_000);
  closeSync(file);
  const before = process.memoryUsage().rss;
  await checkPath(path, { code: 'MW4507', says: /2\.00 GB/ });
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  rmSync(path);
  await check(Buffer.alloc(64, 0xff), { code: 'MW4507' });
});

test('offsets that lie', async () => {
  const file = (entries: string, dataBytes = 8): Buffer => rawFile(`{${entries}}`, dataBytes);
  const lies = (entries: string, says: RegExp): Promise<void> =>
    check(file(entries), { code: 'MW4510', says });
  await lies(`"a":${tensor('F32', '[2]', 0, 6)}`, /bytes 0 to 6, but F32 \[2\] takes 8/);
  await lies(`"a":${tensor('F32', '[2]', 8, 0)}`, /bytes 8 to 0/);
  await lies(`"a":${tensor('F32', '[1]', 4, 8)}`, /hole of 4 bytes before tensor "a"/);
  await lies(
    `"a":${tensor('F32', '[1]', 0, 4)},"b":${tensor('U8', '[1]', 7, 8)}`,
    /hole of 3 bytes/,
  );
  await lies(
    `"a":${tensor('F32', '[2]', 0, 8)},"b":${tensor('F32', '[1]', 4, 8)}`,
    /"b".*overlaps.*4 bytes/,
  );
  await lies(`"a":${tensor('F32', '[1]', 0, 4)}`, /4 bytes behind its last tensor/);
  await lies(`"a":${tensor('F32', '[4294967296, 4294967296]', 0, 0)}`, /larger than any file/);
  await lies(`"a":${tensor('F64', '[2251799813685248]', 0, 0)}`, /larger than any file/);
  await check(file(`"a":${tensor('F32', '[3]', 0, 12)}`), { code: 'MW4506' });
});

test('headers that are no headers', async () => {
  const malformed = (header: string | Uint8Array, says: RegExp): Promise<void> =>
    check(rawFile(header, 0), { code: 'MW4508', says });
  await malformed('', /begin with/);
  await malformed(' {}', /begin with/);
  await malformed('[]', /begin with/);
  await malformed('\u{feff}{}', /begin with/);
  await malformed('{} x', /goes on/);
  await malformed('{"a":{}}', /no "dtype"/);
  await malformed('{"a":3}', /lacks a "{"/);
  await malformed(`{"a":${tensor('U8', '[0]', 0, 0)},}`, /lacks a name/);
  await malformed('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}', /field "x"/);
  await malformed('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}', /not two numbers/);
  await malformed(`{"a":${tensor('U8', '[1.5]', 0, 0)}}`, /whole number/);
  await malformed(`{"a":${tensor('U8', '[-1]', 0, 0)}}`, /whole number/);
  await malformed(`{"a":${tensor('U8', '[1e3]', 0, 0)}}`, /whole number/);
  await malformed(`{"a":${tensor('U8', '[01]', 0, 0)}}`, /whole number/);
  await malformed(`{"a":${tensor('U8', '[0]', 0, '9007199254740993')}}`, /above 9007199254740991/);
  await malformed('{"__metadata__":{"a":1}}', /a text in "__metadata__"/);
  await malformed('{"a\\ud800":{}}', /half a character/);
  await malformed('{"a\\q":{}}', /wrong escape/);
  await malformed('{"a\u0007":{}}', /control character/);
  await malformed('{"a', /without an end/);
  await malformed(Buffer.from([0x7b, 0xff, 0x7d]), /not UTF-8/);
  await malformed(`{"a":${tensor('U8', `[${'0,'.repeat(1000)}0]`, 0, 0)}}`, /over 64 numbers/);
});

test('a bomb of nested JSON is refused at its first bracket too many', async () => {
  await check(rawFile(`{"a":${'['.repeat(5_000_000)}`, 0), { code: 'MW4508' });
  await check(rawFile('{"a":'.repeat(1_000_000), 0), { code: 'MW4508' });
});

test('names that stand twice, in any spelling', async () => {
  const entry = tensor('U8', '[0]', 0, 0);
  await check(rawFile(`{"a":${entry},"\\u0061":${entry}}`, 0), {
    code: 'MW4511',
    says: /"a" twice/,
  });
  await check(rawFile('{"__metadata__":{},"__metadata__":{}}', 0), { code: 'MW4511' });
  await check(rawFile('{"__metadata__":{"k":"1","k":"2"}}', 0), { code: 'MW4511' });
});

test('types that are not read are named', async () => {
  await check(rawFile(`{"a":${tensor('F4', '[2]', 0, 1)}}`, 1), {
    code: 'MW4509',
    says: /"F4", which is not read yet/,
  });
  await check(rawFile(`{"a":${tensor('F33', '[2]', 0, 1)}}`, 1), {
    code: 'MW4509',
    says: /"F33", which is not read\./,
  });
  await check(rawFile(`{"a":${tensor('constructor', '[2]', 0, 1)}}`, 1), { code: 'MW4509' });
});

test('names that are like properties of objects are names', async () => {
  const path = join(folder, 'proto.safetensors');
  writeFileSync(
    path,
    rawFile(`{"__proto__":${tensor('U8', '[1]', 0, 1)},"10":${tensor('U8', '[1]', 1, 2)}}`, 2),
  );
  const read = await readHeader(path);
  expect(read.ok && read.value.tensors.map(({ name }) => name)).toEqual(['10', '__proto__']);
});

test('a name longer than any network has', async () => {
  const named = (length: number): Buffer =>
    rawFile(`{"${'w'.repeat(length)}":${tensor('U8', '[1]', 0, 1)}}`, 1);
  await check(named(4097), { code: 'MW4508', says: /has a name of over 4096 characters/ });
  const path = join(folder, 'long-name.safetensors');
  writeFileSync(path, named(4096));
  expect(await readHeader(path)).toMatchObject({ ok: true });
});

test('more texts and more tensors than any file has', async () => {
  const texts = Array.from({ length: 100_001 }, (_, i) => `"${i}":""`);
  await check(rawFile(`{"__metadata__":{${texts.join()}}}`, 0), {
    code: 'MW4508',
    says: /has over 100000 texts in "__metadata__"/,
  });
  const tensors = Array.from({ length: 250_001 }, (_, i) => `"${i}":${tensor('U8', '[0]', 0, 0)}`);
  await check(rawFile(`{${tensors.join()}}`, 0), {
    code: 'MW4508',
    says: /has over 250000 tensors/,
  });
});
