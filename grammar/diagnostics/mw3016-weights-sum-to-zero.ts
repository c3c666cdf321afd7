import type { DiagnosticKind } from './diagnostic.ts';

export const weightsSumToZero = {
  code: 'MW3016',
  title: 'Weights that sum to zero',
  severity: 'error',
  what: 'The method divides by the sum of its weights.',
  wrong: 'merge m = linear([a, b], weight: [1, -1])',
  right: 'merge m = linear([a, b], weight: [1, 1])',
} satisfies DiagnosticKind;
