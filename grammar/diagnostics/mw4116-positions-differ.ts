import type { DiagnosticKind } from './diagnostic.ts';

export const positionsDiffer = {
  code: 'MW4116',
  title: 'Positions are encoded otherwise',
  severity: 'warning',
  what: `The configurations turn positions into angles by other settings (\`rope_theta\`, \`rope_scaling\`).
The weights of attention were trained for one of them; the result has the settings of its base, and far positions may suffer.`,
  wrong: 'merge m = linear([llama_model, llama_for_code])',
  right: 'merge m = linear([llama_model, other_llama])',
} satisfies DiagnosticKind;
