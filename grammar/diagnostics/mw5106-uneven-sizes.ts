import type { DiagnosticKind } from './diagnostic.ts';

export const unevenSizes = {
  code: 'MW5106',
  title: `Changes of very uneven size`,
  severity: 'warning',
  what: `One expert’s change is several times as large as another’s, and with equal weights it decides nearly everything.
Weigh them by size, or use a method that does.`,
  wrong: `merge m = task_arithmetic(base, [math, code])`,
  right: `merge m = task_arithmetic(base, [math, code], weight: { math: 1, code: 0.3 })`,
} satisfies DiagnosticKind;
