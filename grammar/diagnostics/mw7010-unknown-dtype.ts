import type { DiagnosticKind } from './diagnostic.ts';

export const unknownDtype = {
  code: 'MW7010',
  title: 'No such type',
  severity: 'error',
  what: `The tool knows \`float32\`, \`float16\` and \`bfloat16\`, and stops at the first tensor with any other name.`,
  wrong: `merge_method: passthrough
dtype: bfloat
models:
  - model: org/a`,
  right: `merge_method: passthrough
dtype: bfloat16
models:
  - model: org/a`,
} satisfies DiagnosticKind;
