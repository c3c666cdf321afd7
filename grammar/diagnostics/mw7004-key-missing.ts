import type { DiagnosticKind } from './diagnostic.ts';

export const keyMissing = {
  code: 'MW7004',
  title: 'A key is missing',
  severity: 'error',
  what: `The tool needs this key here, and stops without it; some only after every model has been downloaded.`,
  wrong: `merge_method: ties
models:
  - model: org/a
    parameters: { weight: 1 }`,
  right: `merge_method: ties
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
