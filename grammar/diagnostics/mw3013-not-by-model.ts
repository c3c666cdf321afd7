import type { DiagnosticKind } from './diagnostic.ts';

export const notByModel = {
  code: 'MW3013',
  title: 'One value, given by model',
  severity: 'error',
  what: 'This parameter has one value for all experts of a call.',
  wrong: 'merge m = ties(base, [math, code], scale: [1, 2])',
  right: 'merge m = ties(base, [math, code], scale: 1)',
} satisfies DiagnosticKind;
