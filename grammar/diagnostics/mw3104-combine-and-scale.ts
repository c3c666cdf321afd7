import type { DiagnosticKind } from './diagnostic.ts';

export const combineAndScale = {
  code: 'MW3104',
  title: 'A scale made for the other way to combine',
  severity: 'warning',
  what: 'The scale near 1 was found for the mean of the agreeing experts, the scale near 0.3 for their sum.',
  wrong: 'merge m = ties(base, [a, b], combine: sum, scale: 1)',
  right: 'merge m = ties(base, [a, b], combine: sum, scale: 0.3)',
} satisfies DiagnosticKind;
