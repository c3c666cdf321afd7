import type { DiagnosticKind } from './diagnostic.ts';

export const tokenizerSource = {
  code: 'MW7016',
  title: 'A tokenizer that cannot be built',
  severity: 'error',
  what: `A tokenizer comes from \`union\`, from \`base\` or from one model, said once: in \`tokenizer\` or in \`tokenizer_source\`.
A token comes from a model, from one of its tokens by name or by number, or is zero.`,
  wrong: `merge_method: passthrough
models:
  - model: org/a
tokenizer_source: base
tokenizer: { source: union }`,
  right: `merge_method: passthrough
models:
  - model: org/a
tokenizer: { source: union }`,
} satisfies DiagnosticKind;
