/** `node selftest.ts [--software]`: opens the GPU, compares it with the oracle, and times it against its own copy kernel. */
import { parseArgs } from 'node:util';
import { measureBandwidth } from './bandwidth.ts';
import { openGpu } from './dawn.ts';
import type { GpuDevice } from './device.ts';
import { createMapper } from './mapper.ts';
import { trustedRange } from './range.ts';
import { linear, samples } from './sample-formulas.ts';
import { selfChecks } from './self-checks.ts';
import { preferSoftwareAdapter } from './software-adapter.ts';

const { values } = parseArgs({ options: { software: { type: 'boolean', default: false } } });

process.exitCode = await selfTest({ allowSoftware: values.software });

async function selfTest({ allowSoftware }: { readonly allowSoftware: boolean }): Promise<number> {
  const missing = allowSoftware ? preferSoftwareAdapter() : undefined;
  if (missing !== undefined) return stopped(missing);
  const started = performance.now();
  const gpu = await openGpu({ allowSoftware });
  if ('refused' in gpu) return stopped(gpu.refused);
  const milliseconds = Math.round(performance.now() - started);
  console.log(`adapter: ${gpu.name} (${gpu.vendor}${gpu.isSoftware ? ', software' : ''})`);
  console.log(`exactness probe: passed; opened and probed in ${milliseconds} ms`);
  const { passed, failed } = await runChecks(gpu);
  await printBandwidths(gpu);
  gpu.close();
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** The last line is there whatever happens, for whoever reads it. */
function stopped(reason: string): number {
  console.log(`no GPU: ${reason}`);
  console.log('0 passed, 1 failed');
  return 3;
}

async function runChecks(
  gpu: GpuDevice,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const mapper = createMapper(gpu, { sliceBytes: 1 << 24, slots: 3 });
  let passed = 0;
  for (const check of selfChecks) {
    const difference = await check.run(mapper);
    if (difference === undefined) passed++;
    console.log(
      difference === undefined ? `ok ${check.name}` : `FAILED ${check.name}: ${difference}`,
    );
  }
  mapper.close();
  return { passed, failed: selfChecks.length - passed };
}

async function printBandwidths(gpu: GpuDevice): Promise<void> {
  const timed = samples.filter(({ operands }) => operands[0] === 'BF16' || operands[0] === 'F32');
  const [elements, dispatches] = gpu.isSoftware ? [1 << 18, 2] : [1 << 24, 40];
  for (const { name, formula, uniforms } of gpu.isSoftware
    ? [linear({ from: 'BF16', to: 'BF16' })]
    : timed) {
    const range = trustedRange(formula, uniforms);
    if ('refused' in range) continue;
    const { kernel, copy } = await measureBandwidth(gpu, {
      formula,
      uniforms,
      range,
      elements,
      dispatches,
    });
    const share = (kernel / copy).toFixed(2);
    const gigabytes = (rate: number): string => (rate / 1e9).toFixed(1);
    console.log(`${name}: ${gigabytes(kernel)} GB/s, copy ${gigabytes(copy)} GB/s, share ${share}`);
  }
}
