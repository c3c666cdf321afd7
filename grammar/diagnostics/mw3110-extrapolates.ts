import type { DiagnosticKind } from './diagnostic.ts';

export const extrapolates = {
  code: 'MW3110',
  title: `An interpolation past its ends`,
  severity: 'warning',
  what: `At \`t\` = 0 the result is the first model and at 1 the second; outside, it goes on past them, where neither was trained.`,
  wrong: `merge m = lerp(a, b, t: 1.2)`,
  right: `merge m = lerp(a, b, t: 0.8)`,
} satisfies DiagnosticKind;
