import type { DiagnosticKind } from './diagnostic.ts';

export const promptsMissing = {
  code: 'MW3034',
  title: `An expert without prompts`,
  severity: 'error',
  what: `The router learns what an expert is for from its \`prompts\`; without them its row is empty and it is never chosen.
A mixture that is to be trained says \`gate: random\`.`,
  wrong: `merge m = moe(base, [math { prompts: ["a proof"] }, code])`,
  right: `merge m = moe(base, [math { prompts: ["a proof"] }, code { prompts: ["a function in python"] }])`,
} satisfies DiagnosticKind;
