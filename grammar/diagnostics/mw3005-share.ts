import type { DiagnosticKind } from './diagnostic.ts';

export const share = {
  code: 'MW3005',
  title: 'Shares that do not add up',
  severity: 'error',
  what: `A Model has a share of 1 and a Delta of 0; sums add shares and factors scale them.
A result must come to one of the two, or its weights would be scaled without anybody saying so.`,
  wrong: 'merge m = a + b',
  right: 'merge m = average([a, b])',
} satisfies DiagnosticKind;
