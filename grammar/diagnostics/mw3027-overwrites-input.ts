import type { DiagnosticKind } from './diagnostic.ts';

export const overwritesInput = {
  code: 'MW3027',
  title: 'An output over one of its inputs',
  severity: 'error',
  what: `The output's folder is, or holds, a source of the recipe.`,
  wrong: `model a = "./a"
output a to "./a"`,
  right: `model a = "./a"
output a to "./out/a"`,
} satisfies DiagnosticKind;
