import type { DiagnosticKind } from './diagnostic.ts';

export const settingBesideRules: DiagnosticKind = {
  code: 'MW1010',
  title: 'A setting stands beside the rules',
  severity: 'error',
  what: 'The braces of a merge hold rules, each with its place.\nWhat holds everywhere is an argument of the call, or stands in a rule `at all`.',
  wrong: 'merge blend = lerp(a, b) {\n  t = 0.5\n}',
  right: 'merge blend = lerp(a, b, t: 0.5)',
};
