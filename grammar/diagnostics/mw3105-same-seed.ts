import type { DiagnosticKind } from './diagnostic.ts';

export const sameSeed = {
  code: 'MW3105',
  title: 'Two random statements with one seed',
  severity: 'warning',
  what: 'Draws are keyed by seed and tensor: two statements with one seed drop the same elements.',
  wrong: `let a1 = dare(a - base, seed: 1)
let b1 = dare(b - base, seed: 1)`,
  right: `let a1 = dare(a - base, seed: 1)
let b1 = dare(b - base, seed: 2)`,
} satisfies DiagnosticKind;
