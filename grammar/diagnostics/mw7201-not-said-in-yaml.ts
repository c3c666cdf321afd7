import type { DiagnosticKind } from './diagnostic.ts';

export const notSaidInYaml = {
  code: 'MW7201',
  title: 'mergekit has no form for it',
  severity: 'error',
  what: `The recipe says something that mergekit’s configuration has no words for.`,
  wrong: `model base = "org/base"
model math = "org/math"
merge m = base + trim(math - base, density: 20%)
output m to "./out"`,
  right: `model base = "org/base"
model math = "org/math"
merge m = ties(base, [math], density: 20%, compat: mergekit)
output m to "./out"`,
} satisfies DiagnosticKind;
