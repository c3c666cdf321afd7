import type { DiagnosticKind } from './diagnostic.ts';

export const plainAverage = {
  code: 'MW3112',
  title: `A plain average in other words`,
  severity: 'hint',
  what: `With equal weights that come to one, the base cancels: the result is the mean of the experts.
\`average\` says so, and does not read the base.`,
  wrong: `merge m = task_arithmetic(base, [math, code], scale: 0.5)`,
  right: `merge m = average([math, code])`,
} satisfies DiagnosticKind;
