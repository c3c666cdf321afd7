import type { Pass } from './passes.ts';

/** Histograms that are open at one time in any of these passes. */
export function mostHistograms(passes: readonly Pass[]): number {
  return passes.reduce(
    (most, { formula }) =>
      Math.max(most, formula.sinks.filter(({ kind }) => kind === 'hist').length),
    0,
  );
}
