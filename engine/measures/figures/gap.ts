import { ratioOfNorms, type FigureLaw } from './figure-law.ts';

/** ‖m − a‖ / ‖τ_a‖: 0 is a, 100 % the base. */
export const gap: FigureLaw = {
  name: 'gap',
  title: 'Gap',
  unit: 'percent',
  sums({ changes: [a] }, [change]) {
    if (change!.base === undefined) return undefined;
    return [
      { kind: 'apart', change: a! },
      { kind: 'product', of: [a!, a!] },
    ];
  },
  of: ([apart, size]) => ratioOfNorms(apart!, size!),
};
