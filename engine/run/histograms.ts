import type { Program } from '../program/composer.ts';
import { statisticPasses, type Pass } from '../program/passes.ts';

/** Histograms that are open at one time in a program's own passes. */
export function histogramCount(program: Program): number {
  return mostHistograms(statisticPasses(program));
}

/** Histograms that are open at one time in any of these passes. */
export function mostHistograms(passes: readonly Pass[]): number {
  return passes.reduce(
    (most, { formula }) =>
      Math.max(most, formula.sinks.filter(({ kind }) => kind === 'hist').length),
    0,
  );
}
