import type { DiagnosticKind } from './diagnostic.ts';

export const adapterAmongOperands = {
  code: 'MW3035',
  title: 'An adapter among what is computed',
  severity: 'error',
  what: `What \`to_lora\` makes is two factors for each matrix, rounded when they are stored: it is a file, and no value.
An output writes it; another recipe reads it back with \`adapter\`. What is computed with here is the Delta that it is made of.`,
  wrong: `merge small = to_lora(math - base, rank: 32)
merge m = base + small`,
  right: `let change = math - base
merge small = to_lora(change, rank: 32)
merge m = base + change`,
} satisfies DiagnosticKind;
