import type { DiagnosticKind } from './diagnostic.ts';

export const emptyPlace = {
  code: 'MW4102',
  title: 'A place without tensors',
  severity: 'warning',
  what: `Nothing in the step's result fits the place, so that its rule does nothing.`,
  wrong: 'at "*.slf_attn.*" { t = 1 }',
  right: 'at "*.self_attn.*" { t = 1 }',
} satisfies DiagnosticKind;
