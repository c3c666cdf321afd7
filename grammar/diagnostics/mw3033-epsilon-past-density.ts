import type { DiagnosticKind } from './diagnostic.ts';

export const epsilonPastDensity = {
  code: 'MW3033',
  title: `A window that reaches past the density`,
  severity: 'error',
  what: `The probability of being kept runs from \`density\` − \`epsilon\` to \`density\` + \`epsilon\`, and a probability lies between 0 and 1.
Other tools find this out in the middle of the merge.`,
  wrong: `merge m = della_linear(base, [math, code], density: 90%, epsilon: 0.15)`,
  right: `merge m = della_linear(base, [math, code], density: 80%, epsilon: 0.15)`,
} satisfies DiagnosticKind;
