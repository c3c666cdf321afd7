import type { DiagnosticKind } from './diagnostic.ts';

export const weightsNotOne = {
  code: 'MW3101',
  title: 'Weights that do not sum to one',
  severity: 'warning',
  what: 'The method does not normalise, so that the result is scaled by the sum of its weights.',
  wrong: 'merge m = linear([a, b], weight: [0.6, 0.6], normalize: false)',
  right: 'merge m = linear([a, b], weight: [0.6, 0.4], normalize: false)',
} satisfies DiagnosticKind;
