import { expect, test } from 'vitest';
import { lastingMapper, type DeviceLoss } from './lasting-mapper.ts';
import type { MapRequest, Mapper } from './mapper.ts';
import { oracleSlice } from './oracle-slice.ts';
import type { Refusal } from './refusal.ts';
import { dare } from './sample-formulas.ts';
import { weights } from './self-check-inputs.ts';
import { testGpu, type GpuFault, type TestGpu, type TestGpuOptions } from './test-gpu.ts';

const elements = 1000;
const sample = dare({ from: 'BF16', to: 'BF16' });
const operands = weights('BF16', sample.operands.length, elements);

interface Setting {
  readonly mapper: Mapper;
  readonly gpu: TestGpu;
  readonly losses: readonly DeviceLoss[];
  /** Time is up for whatever is waited for. */
  ring(): void;
}

async function setting(options: Omit<TestGpuOptions, 'formulas'>, slots = 3): Promise<Setting> {
  const waiting = new Set<() => void>();
  const alarm = (_: number, ring: () => void): (() => void) => {
    waiting.add(ring);
    return () => waiting.delete(ring);
  };
  const gpu = testGpu({ ...options, formulas: [sample.formula] });
  const losses: DeviceLoss[] = [];
  const first = await gpu.open({ allowSoftware: false, alarm });
  if ('refused' in first) throw new Error(first.refused);
  const mapper = lastingMapper({
    first,
    reopen: () => gpu.open({ allowSoftware: false, alarm }),
    onLoss: (loss) => losses.push(loss),
    sliceBytes: 1 << 20,
    slots,
  });
  return { mapper, gpu, losses, ring: () => [...waiting].forEach((ring) => ring()) };
}

function request(slice: number): MapRequest {
  const { formula, uniforms } = sample;
  const fill = (operand: number, into: Uint8Array): void => into.set(operands[operand]!);
  return { formula, uniforms, elements, firstElement: 65536 * slice, fill };
}

/** The slice's bytes as the oracle has them, or the refusal. */
async function mapped(mapper: Mapper, slice: number): Promise<'right' | 'wrong' | Refusal> {
  const { formula, uniforms } = sample;
  const found = await mapper.map(request(slice));
  if ('refused' in found) return found;
  const expected = oracleSlice(formula, {
    uniforms,
    operands,
    elements,
    firstElement: 65536 * slice,
  });
  const isRight = Buffer.compare(found.output, expected.output) === 0;
  found.release();
  return isRight ? 'right' : 'wrong';
}

const all = (mapper: Mapper, count = 7): Promise<readonly ('right' | 'wrong' | Refusal)[]> =>
  Promise.all(Array.from({ length: count }, (_, slice) => mapped(mapper, slice)));
const right = Array<string>(7).fill('right');

/** Rings once a slice that hangs was submitted. */
function hanging(faults: readonly Readonly<Record<number, GpuFault>>[]): {
  readonly options: Omit<TestGpuOptions, 'formulas'>;
  readonly ringing: { ring: () => void };
} {
  const ringing = { ring: (): void => undefined };
  const onSlice = (device: number, slice: number): void => {
    if (faults[device]?.[slice] === 'hang') setTimeout(() => ringing.ring(), 20);
  };
  return { options: { faults, onSlice }, ringing };
}

const losing = ['lost', 'map rejected', 'uncaptured error', 'internal error', 'hang'] as const;

test.each(losing.flatMap((fault) => [0, 4].map((at) => [fault, at] as const)))(
  '%s at slice %i: the device is opened anew, and every slice is computed',
  async (fault, at) => {
    const { options, ringing } = hanging([{ [at]: fault }]);
    const { mapper, gpu, losses, ring } = await setting(options);
    ringing.ring = ring;
    expect(await all(mapper)).toEqual(right);
    expect(gpu.slices).toHaveLength(2);
    expect(losses).toMatchObject([{ name: 'Test GPU' }]);
    expect(losses[0]).not.toHaveProperty('givenUp');
    mapper.close();
    await new Promise(setImmediate);
    // One that hangs is left as it is: to destroy it would wait for it.
    expect(gpu.destroyed).toEqual([fault !== 'hang', true]);
    expect(gpu.bufferBytes()).toBe(0);
  },
);

test.each([
  ['lost', 'after it had been opened anew, the device was lost: a test took it'],
  ['hang', 'after it had been opened anew, the GPU did not answer within 30 s'],
] as const)('%s twice: from then on every slice is refused', async (fault, why) => {
  const { options, ringing } = hanging([{ 1: fault }, { 1: fault }]);
  const { mapper, gpu, losses, ring } = await setting(options, 1);
  ringing.ring = ring;
  const found = await all(mapper);
  const refused = { refused: why, lacks: 'device' };
  expect(found).toEqual(['right', 'right', refused, refused, refused, refused, refused]);
  expect(await mapped(mapper, 9)).toEqual(refused);
  expect(gpu.slices).toEqual([2, 2]);
  expect(losses).toMatchObject([{}, { givenUp: why }]);
});

test('what was computed right is read before the device that it came from is destroyed', async () => {
  const { mapper, gpu } = await setting({ faults: [{ 1: 'internal error' }] });
  const first = await mapper.map(request(0));
  if ('refused' in first) throw new Error(first.refused);
  const bytes = Buffer.from(first.output);
  expect(await mapped(mapper, 1)).toBe('right');
  expect(gpu.destroyed).toEqual([false, false]);
  expect(Buffer.compare(first.output, bytes)).toBe(0);
  first.release();
  expect(gpu.destroyed).toEqual([true, false]);
});

test.each([
  ['wrong', 'Test GPU failed the exactness probe: a sum fused with a product'],
  ['absent', 'no GPU adapter was found'],
] as const)('a device that comes back %s is not used', async (how, why) => {
  const { mapper, losses } = await setting({ faults: [{ 0: 'lost' }], [how]: [1] });
  const found = await all(mapper, 3);
  for (const one of found)
    expect(one).toMatchObject({ lacks: 'device', refused: expect.stringContaining(why) });
  expect(losses).toMatchObject([{ givenUp: expect.stringContaining('a test took it') }]);
});

test('a device that is wrong from the start is refused', async () => {
  const gpu = testGpu({ formulas: [], wrong: [0] });
  expect(await gpu.open({ allowSoftware: false })).toEqual({
    refused: expect.stringContaining('failed the exactness probe'),
  });
  expect(gpu.destroyed).toEqual([true]);
});

test('memory that runs out is a refusal of that slice alone', async () => {
  const { mapper, gpu, losses } = await setting({ faults: [{ 1: 'out of memory' }] }, 1);
  const found = await all(mapper, 3);
  expect(found).toEqual(['right', expect.objectContaining({ lacks: 'memory' }), 'right']);
  expect(gpu.slices).toEqual([3]);
  expect(losses).toEqual([]);
});

test('buffers that cannot be had are a refusal, and what was had is given back', async () => {
  const { mapper, gpu } = await setting({ largestBuffer: 1 << 17 });
  const large = { ...request(0), elements: 1 << 16, fill: () => undefined };
  expect(await mapper.map(large)).toMatchObject({ lacks: 'memory' });
  expect(gpu.bufferBytes()).toBe(0);
  expect(await mapped(mapper, 0)).toBe('right');
});

test('a kernel that the driver does not compile is refused for good', async () => {
  const { mapper, gpu } = await setting({ uncompiled: { 0: 'validation' } });
  expect(await mapped(mapper, 0)).toMatchObject({ lacks: 'fitness' });
  expect(gpu.slices).toHaveLength(1);
});

test('a compiler that fails by itself is tried again on a new device', async () => {
  const { mapper, losses } = await setting({ uncompiled: { 0: 'internal' } });
  expect(await mapped(mapper, 0)).toBe('right');
  expect(losses).toMatchObject([{ why: expect.stringContaining('does not compile') }]);
});

test.each<GpuFault>(['hang'])('a cancel waits for no device: %s', async (fault) => {
  const { mapper } = await setting({ faults: [{ 0: fault }] });
  const stop = new AbortController();
  const mapping = mapper.map(request(0), stop.signal);
  setTimeout(() => stop.abort(new Error('cancelled')), 10);
  await expect(mapping).rejects.toThrow('cancelled');
});

test('a cancel waits for no device that opens', async () => {
  const gpu = testGpu({ formulas: [] });
  const stop = new AbortController();
  const opening = gpu.open({ allowSoftware: false }, stop.signal);
  stop.abort(new Error('cancelled'));
  await expect(opening).rejects.toThrow('cancelled');
  // It opened all the same, and nobody wants it.
  while (!gpu.destroyed[0]) await new Promise(setImmediate);
});
