import type { DiagnosticKind } from './diagnostic.ts';

export const unnamedExpert = {
  code: 'MW3030',
  title: 'An expert without a name in a map',
  severity: 'error',
  what: 'A map names experts; an expression among them has no name until a `let` gives it one.',
  wrong: 'merge m = ties(base, [code - old], weight: { code: 1 })',
  right: `let coding = code - old
merge m = ties(base, [coding], weight: { coding: 1 })`,
} satisfies DiagnosticKind;
