import type { DiagnosticKind } from './diagnostic.ts';

export const twoSpellings = {
  code: 'MW7105',
  title: 'One model in two spellings',
  severity: 'warning',
  what: `The tool tells models apart by their text: two spellings of one path are two models, loaded twice and never met.`,
  wrong: `merge_method: passthrough
slices:
  - sources: [{ model: "g:/a", layer_range: [0, 8] }]
  - sources: [{ model: "G:/a", layer_range: [8, 16] }]`,
  right: `merge_method: passthrough
slices:
  - sources: [{ model: "g:/a", layer_range: [0, 8] }]
  - sources: [{ model: "g:/a", layer_range: [8, 16] }]`,
} satisfies DiagnosticKind;
