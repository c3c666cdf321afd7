import type { DiagnosticKind } from './diagnostic.ts';

export const parameterIgnored = {
  code: 'MW7102',
  title: 'A parameter that mergekit ignores',
  severity: 'warning',
  what: `The method never reads this parameter, or never reads it here.
A parameter of the whole method written at a model is not seen, nor is a weight of the base.`,
  wrong: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: 0.5
  normalize: true`,
  right: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: 0.5`,
} satisfies DiagnosticKind;
