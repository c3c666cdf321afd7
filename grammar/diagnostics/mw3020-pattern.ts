import type { DiagnosticKind } from './diagnostic.ts';

export const pattern = {
  code: 'MW3020',
  title: 'A pattern that cannot be read',
  severity: 'error',
  what: 'In a place, text is a pattern for whole tensor names: `*` any run, `?` one character, `{q,k}` either.',
  wrong: 'tensors qk = "*.{q,k_proj.*"',
  right: 'tensors qk = "*.{q,k}_proj.*"',
} satisfies DiagnosticKind;
