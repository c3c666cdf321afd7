import type { DiagnosticKind } from './diagnostic.ts';

export const nothingTrimmed = {
  code: 'MW3103',
  title: 'A density of 100 % trims nothing',
  severity: 'warning',
  what: 'Trimming to the largest changes is what keeps experts from disturbing each other in this method.',
  wrong: 'merge m = ties(base, [a, b], density: 100%)',
  right: 'merge m = ties(base, [a, b], density: 20%)',
} satisfies DiagnosticKind;
