import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openGpu } from './dawn.ts';
import { createMapper, type MapRequest } from './mapper.ts';
import { probeExactness } from './probe.ts';
import { linear } from './sample-formulas.ts';
import { weights } from './self-check-inputs.ts';
import { openTestDevice } from './test-device.ts';

test('a software adapter is refused unless it is allowed, and says its name', async () => {
  const gpu = await openTestDevice();
  expect(gpu.isSoftware).toBe(true);
  expect(await probeExactness(gpu)).toBeUndefined();
  const refused = await openGpu({ allowSoftware: false });
  expect(refused).toEqual({
    refused: `${gpu.name} computes on the CPU, where WebAssembly is faster`,
  });
  gpu.close();
});

test('nothing is computed on a device that is gone', async () => {
  const gpu = await openTestDevice();
  const mapper = createMapper(gpu, { sliceBytes: 2 ** 20, slots: 2 });
  const { formula, uniforms } = linear({ from: 'BF16', to: 'BF16' });
  const operands = weights('BF16', 3, 1000);
  const fill = async (operand: number, into: Uint8Array): Promise<void> => {
    into.set(operands[operand]!);
    if (operand < 2) return;
    gpu.device.destroy();
    await gpu.lost;
  };
  const request: MapRequest = { formula, uniforms, elements: 1000, firstElement: 0, fill };
  expect(await mapper.map(request)).toHaveProperty('refused');
  expect(await mapper.map(request)).toEqual({
    refused: 'the device was closed',
    lacks: 'device',
  });
  expect(gpu.failure()).toBe('the device was closed');
});

test('what the bindings gave is kept while a device is in use, whatever is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const gpu = await openTestDevice();
  const mapper = createMapper(gpu, { sliceBytes: 2 ** 20, slots: 2 });
  const { formula, uniforms } = linear({ from: 'BF16', to: 'BF16' });
  const operands = weights('BF16', 3, 1000);
  for (let slice = 0; slice < 20; slice++) {
    collect();
    const fill = (operand: number, into: Uint8Array): void => into.set(operands[operand]!);
    const mapped = await mapper.map({ formula, uniforms, elements: 1000, firstElement: 0, fill });
    if ('refused' in mapped) throw new Error(mapped.refused);
    collect();
    mapped.release();
  }
  mapper.close();
  gpu.close();
});
