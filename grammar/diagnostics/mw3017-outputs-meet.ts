import type { DiagnosticKind } from './diagnostic.ts';

export const outputsMeet = {
  code: 'MW3017',
  title: 'Outputs in one folder',
  severity: 'error',
  what: 'Two outputs whose folders are equal, or one in the other, would overwrite each other.',
  wrong: `output a to "./out"
output b to "./out/b"`,
  right: `output a to "./out/a"
output b to "./out/b"`,
} satisfies DiagnosticKind;
