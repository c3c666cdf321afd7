import type { DiagnosticKind } from './diagnostic.ts';

export const nearlyTheSame = {
  code: 'MW5102',
  title: `Two experts that are nearly the same`,
  severity: 'warning',
  what: `Their changes from the base point the same way and are of one size: they are copies, or steps of one training.
Together they outvote the others, and their weights add up.`,
  wrong: `merge m = ties(base, [math, math_again, code])`,
  right: `merge m = ties(base, [math, code])`,
} satisfies DiagnosticKind;
