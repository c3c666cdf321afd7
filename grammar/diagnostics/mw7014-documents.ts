import type { DiagnosticKind } from './diagnostic.ts';

export const documents = {
  code: 'MW7014',
  title: 'Documents that cannot follow each other',
  severity: 'error',
  what: `Of several documents all but the last have a \`name\`, each its own, and none may need itself.`,
  wrong: `name: first
merge_method: linear
models:
  - model: first
    parameters: { weight: 1 }
---
merge_method: passthrough
models:
  - model: first`,
  right: `name: first
merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1 }
---
merge_method: passthrough
models:
  - model: first`,
} satisfies DiagnosticKind;
