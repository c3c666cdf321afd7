import type { DiagnosticKind } from './diagnostic.ts';

export const entryNeverReached = {
  code: 'MW7103',
  title: 'An entry that is never reached',
  severity: 'warning',
  what: `The first entry of a list whose filter fits decides, and one without a filter always fits: what stands below it never does.`,
  wrong: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t:
    - value: 0.5
    - { filter: mlp, value: 1 }`,
  right: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t:
    - { filter: mlp, value: 1 }
    - value: 0.5`,
} satisfies DiagnosticKind;
