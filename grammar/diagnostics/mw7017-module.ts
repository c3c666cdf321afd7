import type { DiagnosticKind } from './diagnostic.ts';

export const module = {
  code: 'MW7017',
  title: 'Modules that cannot be carried over',
  severity: 'error',
  what: `A configuration by \`modules\` is carried over where its modules have a word in the language, as text and vision towers have.
Layers are set in a row in the main tower alone.`,
  wrong: `merge_method: passthrough
modules:
  thinking:
    models:
      - model: org/a`,
  right: `merge_method: passthrough
modules:
  default:
    models:
      - model: org/a`,
} satisfies DiagnosticKind;
