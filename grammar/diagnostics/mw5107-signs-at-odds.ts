import type { DiagnosticKind } from './diagnostic.ts';

export const signsAtOdds = {
  code: 'MW5107',
  title: `Changes as good as unrelated in sign`,
  severity: 'information',
  what: `Where both change a weight, they pull it in opposite directions nearly as often as chance would have it, and a plain sum loses both.
\`ties\` elects a sign for each weight; a lower density leaves fewer to quarrel about.`,
  wrong: `merge m = task_arithmetic(base, [math, code])`,
  right: `merge m = ties(base, [math, code])`,
} satisfies DiagnosticKind;
