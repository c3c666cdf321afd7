import type { DiagnosticKind } from './diagnostic.ts';

export const runsLater = {
  code: 'MW3901',
  title: 'Checked, but not run yet',
  severity: 'warning',
  what: `The form is part of the language: its syntax and names are checked.
This version does not run it, and refuses outputs that depend on it.`,
  wrong: `stats seen = fisher("./seen.safetensors", of: math)`,
  right: `merge m = linear([math, code], weight: [0.7, 0.3])
output m to "./out"`,
} satisfies DiagnosticKind;
