import type { DiagnosticKind } from './diagnostic.ts';

export const architecturesDiffer = {
  code: 'MW4114',
  title: `Different architectures`,
  severity: 'warning',
  what: `The tensors have the same names and shapes, and the configurations name different architectures: the same numbers may be used in another way.
If one is a copy of the other under another name, allow it.`,
  wrong: `merge m = linear([llama_model, mistral_model])`,
  right: `merge m = linear([llama_model, other_llama])`,
} satisfies DiagnosticKind;
