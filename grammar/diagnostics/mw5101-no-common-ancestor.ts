import type { DiagnosticKind } from './diagnostic.ts';

export const noCommonAncestor = {
  code: 'MW5101',
  title: `No common ancestor`,
  severity: 'warning',
  what: `The change from the base is about as large as the base itself, as it is between models that were trained apart.
Weights of such models do not correspond, and what is merged of them is noise: choose the base this expert was tuned from.`,
  wrong: `merge m = ties(base, [math])`,
  right: `merge m = ties(math_base, [math])`,
} satisfies DiagnosticKind;
