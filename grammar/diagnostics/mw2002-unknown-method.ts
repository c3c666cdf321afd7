import type { DiagnosticKind } from './diagnostic.ts';

export const unknownMethod = {
  code: 'MW2002',
  title: 'A function that the catalogue does not know',
  severity: 'error',
  what: `A name before a parenthesis is a function of the catalogue.
The command \`mergewright methods\` lists them all.`,
  wrong: 'merge m = tise(base, [math, code])',
  right: 'merge m = ties(base, [math, code])',
} satisfies DiagnosticKind;
