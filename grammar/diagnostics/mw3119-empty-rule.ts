import type { DiagnosticKind } from './diagnostic.ts';

export const emptyRule = {
  code: 'MW3119',
  title: `A rule that sets nothing`,
  severity: 'warning',
  what: `The braces of a rule hold what it changes at its place; these are empty.`,
  wrong: `at mlp { }`,
  right: `at mlp { t = 0.5 }`,
} satisfies DiagnosticKind;
