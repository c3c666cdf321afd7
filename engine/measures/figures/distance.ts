import { ratioOfNorms, type FigureLaw } from './figure-law.ts';

/** ‖m − a‖ / ‖base‖; without a base, of ‖a‖. */
export const distance: FigureLaw = {
  name: 'distance',
  title: 'Distance',
  unit: 'percent',
  sums({ changes: [a] }, [change]) {
    if (change!.base === undefined && change!.isDelta) return undefined;
    return [
      { kind: 'apart', change: a! },
      { kind: change!.base === undefined ? 'model' : 'base', change: a! },
    ];
  },
  of: ([apart, whole]) => ratioOfNorms(apart!, whole!),
};
