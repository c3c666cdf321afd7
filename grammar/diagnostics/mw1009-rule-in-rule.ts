import type { DiagnosticKind } from './diagnostic.ts';

export const ruleInRule: DiagnosticKind = {
  code: 'MW1009',
  title: 'A rule stands inside a rule',
  severity: 'error',
  what: 'Rules form one list that is read downwards, and the last written wins.\nA place within a place is written with `&`.',
  wrong: 'merge blend = lerp(a, b, t: 0.5) {\n  at layers 0..7 { at attention { t = 0.2 } }\n}',
  right: 'merge blend = lerp(a, b, t: 0.5) {\n  at layers 0..7 & attention { t = 0.2 }\n}',
};
