import type { DiagnosticKind } from './diagnostic.ts';

export const decidedAlready = {
  code: 'MW3123',
  title: `A condition that is decided already`,
  severity: 'warning',
  what: `The measure cannot lie outside its range, so that the condition holds, or fails, whatever the models are.
A cosine lies between −1 and 1, a share between 0 and 100 %, a gap and a distance are never negative.`,
  wrong: `merge m = ties(base, [math, code])
expect cosine(m, math, code) < 2`,
  right: `merge m = ties(base, [math, code])
expect cosine(m, math, code) < 0.9`,
} satisfies DiagnosticKind;
