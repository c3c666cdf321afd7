import type { DiagnosticKind } from './diagnostic.ts';

export const expertWithoutWeight = {
  code: 'MW3108',
  title: `An expert of weight 0`,
  severity: 'warning',
  what: `With a weight of 0 everywhere the expert is read and measured and changes nothing.
Leave it out, or say where it counts: \`at mlp { weight.code = 0.5 }\`.`,
  wrong: `merge m = task_arithmetic(base, [math, code], weight: { math: 1, code: 0 })`,
  right: `merge m = task_arithmetic(base, [math])`,
} satisfies DiagnosticKind;
