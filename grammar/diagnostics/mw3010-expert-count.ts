import type { DiagnosticKind } from './diagnostic.ts';

export const expertCount = {
  code: 'MW3010',
  title: 'Values for another number of experts',
  severity: 'error',
  what: 'A list of values follows the order of the experts, one value each.',
  wrong: 'merge m = linear([a, b], weight: [1, 2, 3])',
  right: 'merge m = linear([a, b], weight: [1, 2])',
} satisfies DiagnosticKind;
