import type { DiagnosticKind } from './diagnostic.ts';

export const tensorArithmetic = {
  code: 'MW3015',
  title: 'Arithmetic that models do not have',
  severity: 'error',
  what: 'Models are added, subtracted and scaled by numbers; their products have no meaning here.',
  wrong: 'merge m = a * b',
  right: 'merge m = 0.5 * a + 0.5 * b',
} satisfies DiagnosticKind;
