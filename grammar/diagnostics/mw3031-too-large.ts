import type { DiagnosticKind } from './diagnostic.ts';

export const tooLarge = {
  code: 'MW3031',
  title: 'A value of too many pieces',
  severity: 'error',
  what: `A name stands for all that it is made of, so that names made of names grow by doubling.
A \`merge\` is a border that does not grow: later steps read its result.`,
  wrong: `let d0 = math - base
let d1 = d0 + d0 + d0 + d0 + d0 + d0 + d0 + d0
let d2 = d1 + d1 + d1 + d1 + d1 + d1 + d1 + d1
let d3 = d2 + d2 + d2 + d2 + d2 + d2 + d2 + d2
let d4 = d3 + d3 + d3 + d3 + d3 + d3 + d3 + d3`,
  right: `let d0 = math - base
let d1 = 8 * d0
let d2 = 8 * d1
let d3 = 8 * d2
let d4 = 8 * d3`,
} satisfies DiagnosticKind;
