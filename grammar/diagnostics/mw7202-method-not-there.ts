import type { DiagnosticKind } from './diagnostic.ts';

export const methodNotThere = {
  code: 'MW7202',
  title: 'mergekit has no such method',
  severity: 'error',
  what: `The method, or this way to use it, is not one of mergekit’s.`,
  wrong: `model base = "org/base"
model math = "org/math"
merge m = ties(base, [math], elect: count)
output m to "./out"`,
  right: `model base = "org/base"
model math = "org/math"
merge m = ties(base, [math], density: 20%, compat: mergekit)
output m to "./out"`,
} satisfies DiagnosticKind;
