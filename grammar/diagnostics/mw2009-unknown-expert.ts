import type { DiagnosticKind } from './diagnostic.ts';

export const unknownExpert = {
  code: 'MW2009',
  title: 'A key that names no expert of the call',
  severity: 'error',
  what: 'The keys of a value by model are the names of the experts of its own call.',
  wrong: 'merge m = ties(base, [math, code], weight: { maths: 0.6 })',
  right: 'merge m = ties(base, [math, code], weight: { math: 0.6 })',
} satisfies DiagnosticKind;
