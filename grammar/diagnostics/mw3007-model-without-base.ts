import type { DiagnosticKind } from './diagnostic.ts';

export const modelWithoutBase = {
  code: 'MW3007',
  title: 'A Model where no base gives its Delta',
  severity: 'error',
  what: 'Without a base, such a method takes Deltas: differences from a model.',
  wrong: 'merge m = base + ties([math, code])',
  right: 'merge m = base + ties([math - base, code - base])',
} satisfies DiagnosticKind;
