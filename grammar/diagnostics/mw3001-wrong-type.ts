import type { DiagnosticKind } from './diagnostic.ts';

export const wrongType = {
  code: 'MW3001',
  title: 'A value of another type',
  severity: 'error',
  what: 'Every place in a recipe expects a type, and what stands there has another.',
  wrong: 'merge m = lerp(a, b, t: "half")',
  right: 'merge m = lerp(a, b, t: 0.5)',
} satisfies DiagnosticKind;
