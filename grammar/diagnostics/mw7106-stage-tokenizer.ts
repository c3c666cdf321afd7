import type { DiagnosticKind } from './diagnostic.ts';

export const stageTokenizer = {
  code: 'MW7106',
  title: 'A tokenizer of a stage',
  severity: 'information',
  what: `A step of a recipe has no tokenizer of its own: tokenizers belong to outputs.
So the stage becomes an output as well, and its rows are brought to the final tokenizer’s at once.`,
  wrong: `name: first
merge_method: passthrough
models:
  - model: org/a
tokenizer: { source: base }
base_model: org/a
---
merge_method: passthrough
models:
  - model: first`,
  right: `name: first
merge_method: passthrough
models:
  - model: org/a
---
merge_method: passthrough
models:
  - model: first
tokenizer: { source: org/a }`,
} satisfies DiagnosticKind;
