import type { DiagnosticKind } from './diagnostic.ts';

export const winsNowhere = {
  code: 'MW4112',
  title: 'A setting that wins nowhere',
  severity: 'warning',
  what: 'Later lines win: on every tensor of its place, another line sets the same value after it.',
  wrong: `at mlp { t = 0.2 }
at all { t = 0.5 }`,
  right: `at all { t = 0.5 }
at mlp { t = 0.2 }`,
} satisfies DiagnosticKind;
