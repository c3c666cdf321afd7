import type { FigureLaw } from './figure-law.ts';
import { shareOf } from './figure-law.ts';

/** The share of a change that its mask keeps, over the tensors where it meets one. */
export const kept: FigureLaw = {
  name: 'kept',
  title: 'Kept',
  unit: 'percent',
  sums({ changes: [a] }, [change]) {
    if (change!.masked === undefined) return undefined;
    return [{ kind: 'kept', change: a! }, { kind: 'elements' }];
  },
  of: ([kept, elements]) => shareOf(kept!, elements!),
};

/** The share of entries as large as the smallest that may be kept: of so many it is a convention which stay. */
export const atThreshold: FigureLaw = {
  name: 'at_threshold',
  title: 'At the threshold',
  unit: 'percent',
  sums({ changes: [a] }, [change]) {
    if (change!.masked === undefined) return undefined;
    return [{ kind: 'atThreshold', change: a! }, { kind: 'elements' }];
  },
  of: ([equal, elements]) => shareOf(equal!, elements!),
};
