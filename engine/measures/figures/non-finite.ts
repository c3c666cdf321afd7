import type { FigureLaw } from './figure-law.ts';

/** How many values of m are an infinity or a NaN. */
export const nonFinite: FigureLaw = {
  name: 'finite',
  title: 'Values that are no finite numbers',
  unit: 'count',
  sums: () => [{ kind: 'nonFinite' }],
  of: ([count]) => count,
};
