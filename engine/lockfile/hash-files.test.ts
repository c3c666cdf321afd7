import { createHash } from 'node:crypto';
import { readFileSync, truncateSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { valueOf } from '../faults/fault.ts';
import { sampleFolder } from '../safetensors/sample-files.ts';
import { hashFiles } from './hash-files.ts';

const root = sampleFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array): { readonly path: string; readonly size: number } {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return { path, size: bytes.length };
}

test('hashes whole files, whether one thread does or several', async () => {
  const files = [0, 1, 1 << 20, (1 << 20) + 1, 20_000_000].map((size) =>
    file(
      String(size),
      new Uint8Array(size).map((_, i) => i * size),
    ),
  );
  for (const some of [files.slice(0, 4), files]) {
    const hashes = valueOf(await hashFiles([...some, ...some], { threads: 2 }));
    for (const { path } of some) {
      const own = createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(hashes?.get(path)).toBe(own);
    }
  }
});

test('tells how far it is', async () => {
  const told: number[] = [];
  const large = file('large', new Uint8Array(40_000_000));
  await hashFiles([large], { threads: 1, onProgress: ({ bytesRead }) => told.push(bytesRead) });
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('a cancel ends it within a second, however large the file', async () => {
  const path = join(root, 'sparse');
  writeFileSync(path, '');
  truncateSync(path, 60_000_000_000);
  const stop = new AbortController();
  let cancelledAt = 0;
  setTimeout(() => {
    cancelledAt = performance.now();
    stop.abort();
  }, 150);
  const hashed = await hashFiles([{ path, size: 60_000_000_000 }], {
    threads: 1,
    signal: stop.signal,
  });
  expect(valueOf(hashed)).toBeUndefined();
  expect(performance.now() - cancelledAt).toBeLessThan(1000);
});

test('a file that is gone is a fault', async () => {
  const gone = await hashFiles([{ path: join(root, 'gone'), size: 4 }], { threads: 1 });
  expect(gone).toMatchObject({ ok: false, fault: { code: 'MW4501' } });
});
