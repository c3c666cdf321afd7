import type { DiagnosticKind } from './diagnostic.ts';

export const condition = {
  code: 'MW3025',
  title: 'No condition',
  severity: 'error',
  what: 'An expectation is a comparison of measures and numbers, or `finite(step)`; such comparisons stand nowhere else.',
  wrong: 'expect gap(m, math)',
  right: 'expect gap(m, math) < 120%',
} satisfies DiagnosticKind;
