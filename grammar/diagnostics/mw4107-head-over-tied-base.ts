import type { DiagnosticKind } from './diagnostic.ts';

export const headOverTiedBase = {
  code: 'MW4107',
  title: 'A head over a base that has none',
  severity: 'error',
  what: 'The base ties its head to its embedding; a head of its own in another model has nothing to be compared with.',
  wrong: 'merge m = ties(tied, [untied])',
  right: 'merge m = ties(tied, [tied_too])',
} satisfies DiagnosticKind;
