import type { DiagnosticKind } from './diagnostic.ts';

export const expertPrompts = {
  code: 'MW7011',
  title: 'Prompts that make no router',
  severity: 'error',
  what: `An expert’s \`positive_prompts\` are a list of texts, and make its row of the router.
Without them, or with the same for every expert, the router cannot tell the experts apart.`,
  wrong: `base_model: org/base
gate_mode: hidden
experts:
  - source_model: org/a
    positive_prompts: "As a doctor,"
  - source_model: org/b
    positive_prompts: ["Once upon a time"]`,
  right: `base_model: org/base
gate_mode: hidden
experts:
  - source_model: org/a
    positive_prompts: ["As a doctor,"]
  - source_model: org/b
    positive_prompts: ["Once upon a time"]`,
} satisfies DiagnosticKind;
