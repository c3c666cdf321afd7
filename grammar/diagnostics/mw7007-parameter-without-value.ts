import type { DiagnosticKind } from './diagnostic.ts';

export const parameterWithoutValue = {
  code: 'MW7007',
  title: 'A parameter without a value',
  severity: 'error',
  what: `The method needs the parameter, and some model or some tensors have no value for it.
A list of filters gives one only to tensors whose names hold a filter, so it ends with an entry without one.`,
  wrong: `merge_method: linear
models:
  - model: org/a
  - model: org/b
    parameters: { weight: 1 }`,
  right: `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1 }
  - model: org/b
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
