import type { DiagnosticKind } from './diagnostic.ts';

export const samePrompts = {
  code: 'MW3117',
  title: `Experts with the same prompts`,
  severity: 'warning',
  what: `A router tells experts apart by their prompts; with the same ones it cannot, and which is chosen is left to rounding.`,
  wrong: `merge m = moe(base, [math { prompts: ["chat"] }, code { prompts: ["chat"] }])`,
  right: `merge m = moe(base, [math { prompts: ["a proof"] }, code { prompts: ["a function"] }])`,
} satisfies DiagnosticKind;
