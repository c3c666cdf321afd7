import type { DiagnosticKind } from './diagnostic.ts';

export const notTheBase = {
  code: 'MW5104',
  title: `A base that is not the base`,
  severity: 'warning',
  what: `The experts are nearer to each other than to the base: their changes share a large part, which is what their common ancestor has over this base.
That part is counted once for each of them; choose the model they were both tuned from.`,
  wrong: `merge m = task_arithmetic(older, [math, code])`,
  right: `merge m = task_arithmetic(base, [math, code])`,
} satisfies DiagnosticKind;
