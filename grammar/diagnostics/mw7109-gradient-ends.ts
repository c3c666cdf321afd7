import type { DiagnosticKind } from './diagnostic.ts';

export const gradientEnds = {
  code: 'MW7109',
  title: 'Where a gradient ends',
  severity: 'information',
  what: `A gradient runs over the layers of its slice.
Embeddings, the final norm and the head all take its first value, so that its last one never reaches the head.
\`compat: mergekit\` in the recipe does the same; without it, final norm and head take the last.`,
  wrong: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: [0, 1]`,
  right: `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: [0, 1, 0]`,
} satisfies DiagnosticKind;
