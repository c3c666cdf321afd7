import type { DiagnosticKind } from './diagnostic.ts';

export const placeNotAFilter = {
  code: 'MW7203',
  title: 'A place that is no filter',
  severity: 'error',
  what: `mergekit tells tensors apart by a text that their names hold: \`"*mlp*"\` is one as it stands.
Which texts stand for layers and parts is known where the model is at hand.`,
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
