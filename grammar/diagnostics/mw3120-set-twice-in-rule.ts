import type { DiagnosticKind } from './diagnostic.ts';

export const setTwiceInRule = {
  code: 'MW3120',
  title: `A setting twice in one rule`,
  severity: 'warning',
  what: `Later lines win, so that of two in the same braces the first never does anything.`,
  wrong: `at mlp { t = 0.2, t = 0.5 }`,
  right: `at mlp { t = 0.5 }`,
} satisfies DiagnosticKind;
