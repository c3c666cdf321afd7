import type { Asked } from './study.ts';

/** A figure from weights, with what its sample leaves open. */
export interface Estimate {
  /** Undefined where the weights give no such number. */
  readonly value: number | undefined;
  /** The figure under each resampling; absent where every block was read. */
  readonly resampled?: readonly (number | undefined)[];
}

export function estimateOf({ question, taken, totals, resampled }: Asked): Estimate {
  if (taken === 0) return { value: undefined };
  const { law } = question;
  const value = law.of(totals);
  if (resampled === undefined) return { value };
  const count = resampled[0]?.length ?? 0;
  const sums = [...totals];
  return {
    value,
    resampled: Array.from({ length: count }, (_, r) => {
      for (let sum = 0; sum < sums.length; sum++) sums[sum] = resampled[sum]![r]!;
      return law.of(sums);
    }),
  };
}

export function constantEstimate(value: number): Estimate {
  return { value };
}

/** An operation on figures, resampling by resampling. */
export function combined(
  a: Estimate,
  b: Estimate,
  operation: (a: number, b: number) => number,
): Estimate {
  const apply = (x: number | undefined, y: number | undefined): number | undefined => {
    if (x === undefined || y === undefined) return undefined;
    const result = operation(x, y);
    return Number.isFinite(result) ? result : undefined;
  };
  const value = apply(a.value, b.value);
  const count = (a.resampled ?? b.resampled)?.length;
  if (count === undefined) return { value };
  return {
    value,
    resampled: Array.from({ length: count }, (_, r) =>
      apply(a.resampled ? a.resampled[r] : a.value, b.resampled ? b.resampled[r] : b.value),
    ),
  };
}

/** The standard deviation over the resamplings; undefined where nothing was sampled. */
export function standardError({ resampled }: Estimate): number | undefined {
  if (resampled === undefined) return undefined;
  const values = resampled.filter((value) => value !== undefined);
  if (values.length < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return Math.sqrt(squares / (values.length - 1));
}
