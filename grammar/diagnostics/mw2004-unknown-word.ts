import type { DiagnosticKind } from './diagnostic.ts';

export const unknownWord = {
  code: 'MW2004',
  title: 'A word that is not among the choices',
  severity: 'error',
  what: 'Where a choice is asked for, only its own words have a meaning.',
  wrong: 'merge m = ties(base, [math], combine: median)',
  right: 'merge m = ties(base, [math], combine: mean)',
} satisfies DiagnosticKind;
