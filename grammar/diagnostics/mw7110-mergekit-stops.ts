import type { DiagnosticKind } from './diagnostic.ts';

export const mergekitStops = {
  code: 'MW7110',
  title: 'Where mergekit stops',
  severity: 'warning',
  what: `The tool stops with these values at the first tensor, after everything has been downloaded.`,
  wrong: `merge_method: della
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1, density: 0.9 }`,
  right: `merge_method: della
base_model: org/base
models:
  - model: org/a
    parameters: { weight: 1, density: 0.9, epsilon: 0.05 }`,
} satisfies DiagnosticKind;
