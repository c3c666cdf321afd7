import type { DiagnosticKind } from './diagnostic.ts';

export const writtenOtherwise = {
  code: 'MW7108',
  title: 'Written otherwise by mergekit',
  severity: 'warning',
  what: `The tool writes something else here than the configuration asks for, by a known fault of its own; the recipe does what is asked for.`,
  wrong: `merge_method: arcee_fusion
base_model: org/a
models:
  - model: org/b
dtype: bfloat16`,
  right: `merge_method: arcee_fusion
base_model: org/a
models:
  - model: org/b
dtype: bfloat16
out_dtype: bfloat16`,
} satisfies DiagnosticKind;
