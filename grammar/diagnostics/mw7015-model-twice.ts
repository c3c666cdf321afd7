import type { DiagnosticKind } from './diagnostic.ts';

export const modelTwice = {
  code: 'MW7015',
  title: 'The same model twice',
  severity: 'error',
  what: `The tool keys its inputs by model: of one that stands twice it takes the first one’s parameters and the last one’s tensor.
A weight says that more of a model is meant.`,
  wrong: `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1 }
  - model: org/a
    parameters: { weight: 0.5 }`,
  right: `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1.5 }`,
} satisfies DiagnosticKind;
