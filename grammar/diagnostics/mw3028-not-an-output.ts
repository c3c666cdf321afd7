import type { DiagnosticKind } from './diagnostic.ts';

export const notAnOutput = {
  code: 'MW3028',
  title: 'Something that has no files',
  severity: 'error',
  what: 'An output writes a Model or an adapter; a Delta must be added to a Model, or made an adapter with `to_lora`.',
  wrong: `merge d = math - base
output d to "./out"`,
  right: `merge m = base + (math - base)
output m to "./out"`,
} satisfies DiagnosticKind;
