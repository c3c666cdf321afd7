import type { DiagnosticKind } from './diagnostic.ts';

export const runsLater = {
  code: 'MW3901',
  title: 'Checked, but not run yet',
  severity: 'warning',
  what: `The form is part of the language: its syntax and names are checked.
This version does not run it, and refuses outputs that depend on it.`,
  wrong: `adapter tone = lora("./tone", on: base)
merge m = base + tone
output m to "./out"`,
  right: `model tuned = "./tuned"
merge m = base + (tuned - base)
output m to "./out"`,
} satisfies DiagnosticKind;
