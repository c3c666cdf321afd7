import type { DiagnosticKind } from './diagnostic.ts';

export const inputs = {
  code: 'MW3008',
  title: 'Another number of inputs',
  severity: 'error',
  what: 'A function takes the models its signature names, in parentheses before the named arguments.',
  wrong: 'merge m = slerp(a, t: 0.5)',
  right: 'merge m = slerp(a, b, t: 0.5)',
} satisfies DiagnosticKind;
