import type { GpuDevice } from './device.ts';
import { probeVectors, type ProbeVector } from './probe-vectors.ts';
import { sliceRunner, type SliceRunner } from './slice-runner.ts';

/** Enough for every lane and several workgroups. */
const elements = 8192;

/** Overflow is asked for too, so nothing is outside. */
const everything = { low: -126, high: 128 };

/**
 * Runs operations whose exact results are known, as kernels run them, and compares every word: undefined if all are right,
 * else what was wrong. WGSL promises little of this, real devices mostly keep it; only asking tells.
 */
export async function probeExactness(gpu: GpuDevice): Promise<string | undefined> {
  const runner = sliceRunner(gpu, { sliceBytes: 1 << 20, slots: 1 });
  try {
    // All at once, so that their kernels are compiled side by side.
    const found = await Promise.all(probeVectors.map((vector) => compare(runner, vector)));
    const wrong = found.findIndex((mismatch) => mismatch !== undefined);
    return wrong < 0 ? undefined : `${probeVectors[wrong]!.name}: ${found[wrong]}`;
  } finally {
    runner.close();
  }
}

async function compare(
  runner: SliceRunner,
  { formula, uniforms, rows, firstElement = 0 }: ProbeVector,
): Promise<string | undefined> {
  // The generator's rows are consecutive elements; others repeat.
  const count = formula.operandWidths.length === 0 ? rows.length : elements;
  const mapped = await runner.run({
    range: everything,
    formula,
    uniforms,
    elements: count,
    firstElement,
    fill(operand, into) {
      const words = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (let i = 0; i < count; i++)
        words.setUint32(4 * i, rows[i % rows.length]![operand]!, true);
    },
  });
  if ('refused' in mapped) return mapped.refused;
  const words = new DataView(mapped.output.buffer, mapped.output.byteOffset);
  let mismatch: string | undefined;
  for (let i = 0; i < count && mismatch === undefined; i++) {
    const row = rows[i % rows.length]!;
    const found = words.getUint32(4 * i, true);
    if (found !== row.at(-1)) mismatch = `${hex(found)} instead of ${hex(row.at(-1)!)}`;
  }
  mapped.release();
  return mismatch;
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
