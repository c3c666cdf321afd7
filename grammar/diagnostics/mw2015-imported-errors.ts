import type { DiagnosticKind } from './diagnostic.ts';

export const importedErrors = {
  code: 'MW2015',
  title: 'An import with errors',
  severity: 'error',
  what: `The used recipe has errors of its own, so what it declares cannot be relied on.
The finding names the first, and leads to each of them; warnings stay with the file they are in.`,
  wrong: 'use "./faulty.merge"',
  right: 'use "./common.merge"',
} satisfies DiagnosticKind;
