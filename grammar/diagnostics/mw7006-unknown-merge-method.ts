import type { DiagnosticKind } from './diagnostic.ts';

export const unknownMergeMethod = {
  code: 'MW7006',
  title: 'No such merge method',
  severity: 'error',
  what: `The tool has no method of this name, and says so only after every model has been downloaded.`,
  wrong: `merge_method: dare-ties
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1 }`,
  right: `merge_method: dare_ties
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
