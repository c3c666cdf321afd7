import type { CpuStored } from './gpu-map.ts';
import type { Answer } from './job.ts';
import { settled } from './spread.ts';

/** What a worker stored; a fault or a cancel is thrown to the rim. */
export function cpuStored(answer: Answer): CpuStored {
  const { pieces, slices, nonFinite } = settled(answer, 'stored');
  return { pieces, cpuSlices: slices, ...(nonFinite === undefined ? {} : { nonFinite }) };
}
