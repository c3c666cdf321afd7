import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GpuDevice } from './device.ts';
import { createMapper, type Mapper } from './mapper.ts';
import { selfChecks } from './self-checks.ts';
import { openTestDevice } from './test-device.ts';

let gpu: GpuDevice;
let mapper: Mapper;

beforeAll(async () => {
  gpu = await openTestDevice();
  mapper = createMapper(gpu, { sliceBytes: 2 ** 24, slots: 3 });
});

afterAll(() => {
  mapper.close();
  gpu.close();
});

test.each(selfChecks)("$name: the oracle's bytes and flags", async (check) => {
  expect(await check.run(mapper)).toBeUndefined();
});
