import type { DiagnosticKind } from './diagnostic.ts';

export const isTheBase = {
  code: 'MW5103',
  title: `An expert that is the base`,
  severity: 'warning',
  what: `Nothing differs from the base: the expert adds nothing, and where there is an average it draws the others back.`,
  wrong: `merge m = ties(base, [base_again, code])`,
  right: `merge m = ties(base, [math, code])`,
} satisfies DiagnosticKind;
