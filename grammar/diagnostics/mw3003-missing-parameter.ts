import type { DiagnosticKind } from './diagnostic.ts';

export const missingParameter = {
  code: 'MW3003',
  title: 'A required parameter is not given',
  severity: 'error',
  what: 'Some parameters have no sensible default; the recipe says them.',
  wrong: 'merge m = slerp(a, b)',
  right: 'merge m = slerp(a, b, t: 0.5)',
} satisfies DiagnosticKind;
