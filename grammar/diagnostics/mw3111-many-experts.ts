import type { DiagnosticKind } from './diagnostic.ts';

export const manyExperts = {
  code: 'MW3111',
  title: `Many experts at once`,
  severity: 'information',
  what: `Beyond six experts each one more adds little, and what each was trained for is kept less: in studies of eight, models that were not tuned on instructions held on to less than two thirds of what their experts could do.
Compare with fewer, and look at each expert’s own figures as well as at the mean.`,
  wrong: `merge m = task_arithmetic(base, [a, b, c, math, code, old, other], scale: 0.2)`,
  right: `merge m = task_arithmetic(base, [math, code, a], scale: 0.3)`,
} satisfies DiagnosticKind;
