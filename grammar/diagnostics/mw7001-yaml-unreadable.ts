import type { DiagnosticKind } from './diagnostic.ts';

export const yamlUnreadable = {
  code: 'MW7001',
  title: 'YAML that cannot be read',
  severity: 'error',
  what: `The file is not YAML: its indentation, quotes or brackets do not close up.
Nothing of it can be carried into a recipe before that is mended.`,
  wrong: `merge_method: linear
models
  - model: org/a`,
  right: `merge_method: linear
models:
  - model: org/a
    parameters:
      weight: 1`,
} satisfies DiagnosticKind;
