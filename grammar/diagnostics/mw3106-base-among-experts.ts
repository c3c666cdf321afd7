import type { DiagnosticKind } from './diagnostic.ts';

export const baseAmongExperts = {
  code: 'MW3106',
  title: 'The base among its own experts',
  severity: 'warning',
  what: 'Its task vector is zero: it changes nothing but the sum of the weights.',
  wrong: 'merge m = ties(base, [base, math])',
  right: 'merge m = ties(base, [math])',
} satisfies DiagnosticKind;
