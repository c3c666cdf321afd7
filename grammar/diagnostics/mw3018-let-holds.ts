import type { DiagnosticKind } from './diagnostic.ts';

export const letHolds = {
  code: 'MW3018',
  title: 'A `let` that holds a Model or a place',
  severity: 'error',
  what: 'Models and places have statements of their own: `merge` or `model`, `layers` or `tensors`.',
  wrong: 'let m = average([a, b])',
  right: 'merge m = average([a, b])',
} satisfies DiagnosticKind;
