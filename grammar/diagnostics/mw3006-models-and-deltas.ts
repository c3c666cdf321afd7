import type { DiagnosticKind } from './diagnostic.ts';

export const modelsAndDeltas = {
  code: 'MW3006',
  title: 'Models and Deltas mixed',
  severity: 'error',
  what: 'A method works on Models or on Deltas; mixed, its result would be neither.',
  wrong: 'merge m = linear([a, b - base])',
  right: 'merge m = linear([a, b])',
} satisfies DiagnosticKind;
