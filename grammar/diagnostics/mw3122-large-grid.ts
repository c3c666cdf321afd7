import type { DiagnosticKind } from './diagnostic.ts';

export const largeGrid = {
  code: 'MW3122',
  title: `A very large grid`,
  severity: 'warning',
  what: `A grid tries every combination of its knobs’ positions, and their numbers multiply.
Widen the steps, turn fewer knobs, or say \`random\` with a count.`,
  wrong: `param x = 0.5 in 0..1 step 0.01
param y = 0.5 in 0..1 step 0.01
merge m = linear([math, code], weight: [x, y])
sweep all = grid(m, turn: [x, y])`,
  right: `param x = 0.5 in 0..1 step 0.25
param y = 0.5 in 0..1 step 0.25
merge m = linear([math, code], weight: [x, y])
sweep all = grid(m, turn: [x, y])`,
} satisfies DiagnosticKind;
