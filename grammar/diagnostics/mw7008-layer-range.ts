import type { DiagnosticKind } from './diagnostic.ts';

export const layerRange = {
  code: 'MW7008',
  title: 'Layers that are not there',
  severity: 'error',
  what: `A \`layer_range\` goes from its first layer to the one behind its last.
One that is empty, runs backwards or ends below zero gives no layers at all, and the tool says nothing.
All sources of a slice give as many layers.`,
  wrong: `merge_method: passthrough
slices:
  - sources:
      - model: org/a
        layer_range: [0, -1]`,
  right: `merge_method: passthrough
slices:
  - sources:
      - model: org/a
        layer_range: [0, 32]`,
} satisfies DiagnosticKind;
