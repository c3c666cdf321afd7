import type { DiagnosticKind } from './diagnostic.ts';

export const numberOfModels = {
  code: 'MW7009',
  title: 'Too many models, or too few',
  severity: 'error',
  what: `The method takes a certain number of models in each place, and the tool stops at the first tensor that has another.`,
  wrong: `merge_method: passthrough
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8] }
      - { model: org/b, layer_range: [0, 8] }`,
  right: `merge_method: passthrough
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8] }
  - sources:
      - { model: org/b, layer_range: [0, 8] }`,
} satisfies DiagnosticKind;
