import type { DiagnosticKind } from './diagnostic.ts';

export const otherDraws = {
  code: 'MW7107',
  title: 'Other random numbers',
  severity: 'information',
  what: `The method draws at random.
The recipe draws from a seed of its own, so that every run gives the same bytes; the tool draws anew each time unless its command line names a seed.`,
  wrong: `merge_method: dare_linear
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1, density: 0.5 }`,
  right: `merge_method: task_arithmetic
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
