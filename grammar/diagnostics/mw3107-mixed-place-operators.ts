import type { DiagnosticKind } from './diagnostic.ts';

export const mixedPlaceOperators = {
  code: 'MW3107',
  title: '`|` and `except` without parentheses',
  severity: 'hint',
  what: '`except` takes away from all that stands before it; parentheses say so to the reader.',
  wrong: 'at attention | mlp except "*.bias" { t = 0 }',
  right: 'at (attention | mlp) except "*.bias" { t = 0 }',
} satisfies DiagnosticKind;
