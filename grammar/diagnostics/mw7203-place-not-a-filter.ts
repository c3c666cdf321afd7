import type { DiagnosticKind } from './diagnostic.ts';

export const placeNotAFilter = {
  code: 'MW7203',
  title: 'A place that is no filter',
  severity: 'error',
  what: `mergekit tells tensors apart by a text that their names hold: \`"*mlp*"\` can be said there, layers and parts cannot.`,
  wrong: `model base = "org/base"
model math = "org/math"
merge m = slerp(base, math, t: 0.5, compat: mergekit) {
  at layers 0..3 { t = 1 }
}
output m to "./out"`,
  right: `model base = "org/base"
model math = "org/math"
merge m = slerp(base, math, t: 0.5, compat: mergekit) {
  at "*mlp*" { t = 1 }
}
output m to "./out"`,
} satisfies DiagnosticKind;
