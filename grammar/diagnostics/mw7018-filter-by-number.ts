import type { DiagnosticKind } from './diagnostic.ts';

export const filterByNumber = {
  code: 'MW7018',
  title: 'A filter that counts layers',
  severity: 'error',
  what: `In a stack the layers of a slice have new numbers, and a filter with a number in it means different layers for different parameters.
It is moved where the number is plainly a layer’s, as in \`layers.5.\`; any other is carried over where all models of the slice have one range, and values without gradients.`,
  wrong: `merge_method: linear
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8], parameters: { weight: 1 } }
      - model: org/b
        layer_range: [8, 16]
        parameters: { weight: [{ filter: "12", value: 0.5 }, { value: 1 }] }`,
  right: `merge_method: linear
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8], parameters: { weight: 1 } }
      - model: org/b
        layer_range: [8, 16]
        parameters: { weight: [{ filter: layers.12., value: 0.5 }, { value: 1 }] }`,
} satisfies DiagnosticKind;
