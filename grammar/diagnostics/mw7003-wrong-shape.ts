import type { DiagnosticKind } from './diagnostic.ts';

export const wrongShape = {
  code: 'MW7003',
  title: 'A value of the wrong kind',
  severity: 'error',
  what: `The key takes a value of another kind, and the tool refuses the file for it.
A parameter is a number, a list of numbers, or a list of \`value\` and \`filter\`.`,
  wrong: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: half`,
  right: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: 0.5`,
} satisfies DiagnosticKind;
