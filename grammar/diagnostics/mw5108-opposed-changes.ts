import type { DiagnosticKind } from './diagnostic.ts';

export const opposedChanges = {
  code: 'MW5108',
  title: `Changes that undo each other`,
  severity: 'warning',
  what: `The two changes point in opposite directions: what one was trained for takes back the other.
Perhaps one is a model that was made by subtracting, or the base is the wrong one.`,
  wrong: `merge m = task_arithmetic(base, [math, unmath])`,
  right: `merge m = task_arithmetic(base, [math, code])`,
} satisfies DiagnosticKind;
