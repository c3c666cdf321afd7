import type { DiagnosticKind } from './diagnostic.ts';

export const givenTwice = {
  code: 'MW3004',
  title: 'A value given twice',
  severity: 'error',
  what: 'Of two values for one thing only one can hold, and a reader cannot see which was meant.',
  wrong: 'merge m = ties(base, [math { weight: 0.6 }], weight: { math: 0.5 })',
  right: 'merge m = ties(base, [math { weight: 0.6 }])',
} satisfies DiagnosticKind;
