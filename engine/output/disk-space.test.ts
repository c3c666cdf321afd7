import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { foreseeSpace } from './disk-space.ts';
import { nodeFileLayer } from './file-layer.ts';

const layer = { ...nodeFileLayer, freeBytes: () => Promise.resolve(10_000_000) };
const one = { folder: join(tmpdir(), 'not/there/one'), bytes: 6_000_000 };
const two = { folder: join(tmpdir(), 'not/there/two'), bytes: 6_000_000 };

test('outputs of one disk are added up', async () => {
  expect(await foreseeSpace([one], layer)).toMatchObject({
    ok: true,
    value: [{ folder: tmpdir(), free: 10_000_000 }],
  });
  expect(await foreseeSpace([one, two], layer)).toMatchObject({
    ok: false,
    fault: { code: 'MW6002', exit: 'machine', message: expect.stringContaining('needs 13.0 MB') },
  });
});

test('the system’s own figure is a number of bytes', async () => {
  const space = await foreseeSpace([{ ...one, bytes: 0 }]);
  expect(space.ok && space.value[0]!.free).toBeGreaterThan(1_000_000);
});
