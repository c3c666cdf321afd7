import type { DiagnosticKind } from './diagnostic.ts';

export const keyIgnored = {
  code: 'MW7101',
  title: 'A key that mergekit ignores',
  severity: 'warning',
  what: `The tool drops every key it does not know, and says nothing: a misspelt one, one in the wrong place, one of an older version.`,
  wrong: `merge_method: passthrough
models:
  - model: org/a
    revision: main`,
  right: `merge_method: passthrough
models:
  - model: org/a@main`,
} satisfies DiagnosticKind;
