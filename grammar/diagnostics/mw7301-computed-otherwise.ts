import type { DiagnosticKind } from './diagnostic.ts';

export const computedOtherwise = {
  code: 'MW7301',
  title: 'mergekit computes it otherwise',
  severity: 'warning',
  what: `The configuration says the same, and mergekit computes it a little differently: it rounds every operation to the type it stores, and gives the final norm and the head a curve’s first value.
\`compat: mergekit\` in the recipe does as that tool does.`,
  wrong: `model base = "org/base"
model math = "org/math"
merge m = slerp(base, math, t: 0.5)
output m to "./out"`,
  right: `model base = "org/base"
model math = "org/math"
merge m = slerp(base, math, t: 0.5, compat: mergekit)
output m to "./out"`,
} satisfies DiagnosticKind;
