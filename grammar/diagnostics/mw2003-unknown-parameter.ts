import type { DiagnosticKind } from './diagnostic.ts';

export const unknownParameter = {
  code: 'MW2003',
  title: 'A parameter that the function does not have',
  severity: 'error',
  what: 'A setting that nothing reads would change nothing, so it is refused instead of dropped.',
  wrong: 'merge m = ties(base, [math], densty: 20%)',
  right: 'merge m = ties(base, [math], density: 20%)',
} satisfies DiagnosticKind;
