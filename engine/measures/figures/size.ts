import { ratioOfNorms, type FigureLaw } from './figure-law.ts';

/** ‖τ_a‖ / ‖base‖ */
export const size: FigureLaw = {
  name: 'size',
  title: 'Size',
  unit: 'percent',
  isOfInputs: true,
  sums({ changes: [a] }, [change]) {
    if (change!.base === undefined) return undefined;
    return [
      { kind: 'product', of: [a!, a!] },
      { kind: 'base', change: a! },
    ];
  },
  of: ([change, base]) => ratioOfNorms(change!, base!),
};
