import type { DiagnosticKind } from './diagnostic.ts';

export const leftOut = {
  code: 'MW7302',
  title: 'Left out of the configuration',
  severity: 'information',
  what: `mergekit has no place for this, and its result does not depend on it: shard sizes and cards are options of its command line, expectations have no counterpart.`,
  wrong: `model base = "org/base"
merge m = base
expect finite(m)
output m to "./out"`,
  right: `model base = "org/base"
merge m = base
output m to "./out"`,
} satisfies DiagnosticKind;
