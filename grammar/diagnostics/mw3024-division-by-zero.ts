import type { DiagnosticKind } from './diagnostic.ts';

export const divisionByZero = {
  code: 'MW3024',
  title: 'A division by zero',
  severity: 'error',
  what: 'The divisor is known when the recipe is checked, and it is 0.',
  wrong: 'let third = 1 / 0',
  right: 'let third = 1 / 3',
} satisfies DiagnosticKind;
