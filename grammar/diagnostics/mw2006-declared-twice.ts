import type { DiagnosticKind } from './diagnostic.ts';

export const declaredTwice = {
  code: 'MW2006',
  title: 'A name declared twice',
  severity: 'error',
  what: 'A name stands for one thing in the whole recipe, so that reading it never depends on where.',
  wrong: `model math = "./math"
merge math = 0.5 * math + 0.5 * code`,
  right: `model math = "./math"
merge blend = 0.5 * math + 0.5 * code`,
} satisfies DiagnosticKind;
