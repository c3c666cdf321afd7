import type { DiagnosticKind } from './diagnostic.ts';

export const sourceTwice = {
  code: 'MW3118',
  title: `One source under two names`,
  severity: 'warning',
  what: `Two models that are read from the same place are the same model: their difference is zero, and their mean is either.
Often one of the paths was copied and not changed.`,
  wrong: `model one = "./models/math"
model two = "./models/math/"
merge m = linear([one, two])`,
  right: `model one = "./models/math"
model two = "./models/code"
merge m = linear([one, two])`,
} satisfies DiagnosticKind;
