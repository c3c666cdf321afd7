import type { DiagnosticKind } from './diagnostic.ts';

export const weightsNearlyCancel = {
  code: 'MW3113',
  title: `Weights that nearly cancel`,
  severity: 'warning',
  what: `The result is divided by the sum of the weights, which is small beside the weights themselves: differences between the experts are blown up.
Where one expert is to be taken away from another, write the difference: \`base + 0.3 * (math - code)\`.`,
  wrong: `merge m = linear([math, code], weight: [1, -0.9])`,
  right: `merge m = math + 0.3 * (math - code)`,
} satisfies DiagnosticKind;
