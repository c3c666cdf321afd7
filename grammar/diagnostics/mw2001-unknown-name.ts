import type { DiagnosticKind } from './diagnostic.ts';

export const unknownName = {
  code: 'MW2001',
  title: 'A name that nothing declares',
  severity: 'error',
  what: `A recipe reads downwards: a model, step, value or place is declared once, above its use.
A word that nothing declares is most often misspelt.`,
  wrong: `model math = "./math"
merge m = maths`,
  right: `model math = "./math"
merge m = math`,
} satisfies DiagnosticKind;
