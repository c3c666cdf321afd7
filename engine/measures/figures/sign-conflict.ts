import type { Sum } from '../measured.ts';
import { shareOf, type FigureLaw, type Question } from './figure-law.ts';
import { isChange } from './is-change.ts';

/** The share of coordinates with both signs among the changes, under their masks unless `stage` is raw. */
export const signConflict: FigureLaw = {
  name: 'sign_conflict',
  title: 'Sign conflict',
  unit: 'percent',
  sums(question, changes) {
    if (!changes.every(isChange)) return undefined;
    const { changes: of, stage = 'kept' } = question;
    return [{ kind: 'conflict', changes: of, stage }, among(question)];
  },
  of: ([conflict, among]) => shareOf(conflict!, among!),
};

/** The coordinates that count: where two or more are not zero, where any is not, or all. */
function among({ changes, of = 'shared', stage = 'kept' }: Question): Sum {
  switch (of) {
    case 'shared':
    case 'nonzero':
      return { kind: of, changes, stage };
    case 'all':
      return { kind: 'elements' };
  }
}
