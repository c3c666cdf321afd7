import type { DiagnosticKind } from './diagnostic.ts';

export const vocabulariesDiffer = {
  code: 'MW4110',
  title: 'Vocabularies of unlike size',
  severity: 'error',
  what: 'Rows of an embedding mean tokens; models of unlike vocabularies need a `tokenizer` to bring their rows together.',
  wrong: 'merge m = linear([qwen, qwen_padded])',
  right: `merge m = linear([qwen, qwen_padded])
output m to "./out" { tokenizer = qwen }`,
} satisfies DiagnosticKind;
