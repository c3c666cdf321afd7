import type { DiagnosticKind } from './diagnostic.ts';

export const expertTwice = {
  code: 'MW3009',
  title: 'The same expert twice',
  severity: 'error',
  what: 'Twice the same expert doubles its weight without saying so, and its name in a map would mean two things.',
  wrong: 'merge m = linear([a, a, b])',
  right: 'merge m = linear([a, b], weight: [2, 1])',
} satisfies DiagnosticKind;
