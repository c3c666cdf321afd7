import type { DiagnosticKind } from './diagnostic.ts';

export const droppedTwice = {
  code: 'MW3116',
  title: `Entries dropped twice`,
  severity: 'warning',
  what: `The method drops at random itself, and what it is given has been through \`dare\` already: the densities multiply, and the rescaling with them.`,
  wrong: `merge m = dare_ties(base, [dare(math - base), code], seed: 7)`,
  right: `merge m = dare_ties(base, [math, code], seed: 7)`,
} satisfies DiagnosticKind;
