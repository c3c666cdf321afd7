import type { DiagnosticKind } from './diagnostic.ts';

export const noMergeMethod = {
  code: 'MW7002',
  title: 'Nothing says how to merge',
  severity: 'error',
  what: `A merge names its method in \`merge_method\`; a mixture of experts lists \`experts\`.
Without either the tool stops at its first step.`,
  wrong: `models:
  - model: org/a`,
  right: `merge_method: passthrough
models:
  - model: org/a`,
} satisfies DiagnosticKind;
