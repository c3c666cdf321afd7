import type { CpuStored } from './gpu-map.ts';
import type { Answer } from './job.ts';
import { settled } from './spread.ts';

/** What several workers stored of one tensor, as one; a fault or a cancel among them is thrown to the rim. */
export function cpuStored(answers: readonly Answer[]): CpuStored {
  const parts = answers.map((answer) => settled(answer, 'stored'));
  const found = parts.flatMap(({ nonFinite }) => (nonFinite === undefined ? [] : [nonFinite]));
  return {
    pieces: parts.flatMap(({ pieces }) => pieces),
    cpuSlices: parts.reduce((sum, { slices }) => sum + slices, 0),
    ...(found.length === 0 ? {} : { nonFinite: Math.min(...found) }),
  };
}
