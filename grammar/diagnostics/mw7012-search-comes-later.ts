import type { DiagnosticKind } from './diagnostic.ts';

export const searchComesLater = {
  code: 'MW7012',
  title: 'An evolution, not a merge',
  severity: 'error',
  what: `A \`genome\` describes a search for a merge.
Searches are not imported yet; the merge that one found is.`,
  wrong: `genome:
  models: [org/a, org/b]
  merge_method: linear
tasks: []`,
  right: `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
