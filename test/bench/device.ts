/**
 * What only a real GPU can show: its kernel against its own copy kernel, and whole runs on it. The kernels are timed in a process
 * of their own, since a driver's fault ends its process: `node test/bench/device.ts` prints what was found as JSON.
 */
import { spawnSync } from 'node:child_process';
import { openGpu } from '../../engine/backends/gpu/dawn.ts';
import { measureBandwidth } from '../../engine/backends/gpu/bandwidth.ts';
import { mayHaveGpu } from '../../engine/backends/gpu/may-have-gpu.ts';
import { trustedRange } from '../../engine/backends/gpu/range.ts';
import { linear } from '../../engine/backends/gpu/sample-formulas.ts';
import { atLeast, atMost, type BenchRow, cannotJudge } from './rows.ts';
import { methodNames, type Setting } from './setting.ts';
import { coldAgainstNone, type WholeRuns } from './whole-runs.ts';

const group = 'GPU';
const kernelRow = { title: 'elementwise kernel / own copy kernel', bound: atLeast(0.8) };
const againstNone = 1.15;

type Found =
  | { readonly name: string; readonly kernel: number; readonly copy: number }
  | { readonly refused: string };

export async function deviceRows(
  setting: Setting,
  options: WholeRuns,
): Promise<readonly BenchRow[]> {
  const found = findInChild();
  const bounds = Object.fromEntries(methodNames.map((method) => [method, againstNone]));
  if ('refused' in found) {
    const whole = methodNames.map((method) => ({
      title: `${method} / none, cold`,
      bound: atMost(againstNone),
    }));
    return cannotJudge(group, found.refused, [kernelRow, ...whole]);
  }
  const { name, kernel, copy } = found;
  const rate = (bytes: number): string => `${Math.round(bytes / 1e9)} GB/s`;
  return [
    {
      group,
      ...kernelRow,
      value: kernel / copy,
      detail: `${rate(kernel)} / ${rate(copy)} on ${name}`,
    },
    ...(await coldAgainstNone(setting, { ...options, backend: 'gpu' }, { group, bounds })),
  ];
}

function findInChild(): Found {
  if (!mayHaveGpu()) return { refused: 'there is no GPU' };
  const ended = spawnSync(process.execPath, [import.meta.filename], { encoding: 'utf8' });
  if (ended.status !== 0)
    return { refused: `the GPU’s process ended with ${ended.status ?? ended.signal}` };
  return JSON.parse(ended.stdout) as Found;
}

async function find(): Promise<Found> {
  const gpu = await openGpu({ allowSoftware: false });
  if ('refused' in gpu) return { refused: gpu.refused };
  const { formula, uniforms } = linear({ from: 'BF16', to: 'BF16' });
  const range = trustedRange(formula, uniforms);
  if ('refused' in range) throw new Error(range.refused);
  const timed = { formula, uniforms, range, elements: 1 << 24, dispatches: 40 };
  const { kernel, copy } = await measureBandwidth(gpu, timed);
  gpu.close();
  return { name: gpu.name, kernel, copy };
}

if (import.meta.main) console.log(JSON.stringify(await find()));
