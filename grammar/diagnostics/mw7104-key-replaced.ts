import type { DiagnosticKind } from './diagnostic.ts';

export const keyReplaced = {
  code: 'MW7104',
  title: 'A key given twice',
  severity: 'warning',
  what: `Of two like keys the last one holds, and the first is lost without a word.`,
  wrong: `merge_method: passthrough
dtype: float16
dtype: bfloat16
models:
  - model: org/a`,
  right: `merge_method: passthrough
dtype: bfloat16
models:
  - model: org/a`,
} satisfies DiagnosticKind;
