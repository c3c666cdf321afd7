import type { DiagnosticKind } from './diagnostic.ts';

export const oneOutput = {
  code: 'MW7204',
  title: 'One output at a time',
  severity: 'error',
  what: `A configuration of mergekit makes one model: a recipe with several outputs, or none, has to be told which.`,
  wrong: `model base = "org/base"
merge m = base`,
  right: `model base = "org/base"
merge m = base
output m to "./out"`,
} satisfies DiagnosticKind;
