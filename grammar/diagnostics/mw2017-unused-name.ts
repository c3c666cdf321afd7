import type { DiagnosticKind } from './diagnostic.ts';

export const unusedName = {
  code: 'MW2017',
  title: `A name that nothing uses`,
  severity: 'hint',
  what: `The recipe makes outputs, and none of them, nor anything else in it, reads this name.
It may be left from an earlier version, or a misspelling of what was meant; a model that is not used is still looked up and read.`,
  wrong: `model old = "./old"
merge m = linear([math, code])
output m to "./out"`,
  right: `merge m = linear([math, code])
output m to "./out"`,
} satisfies DiagnosticKind;
