import type { DiagnosticKind } from './diagnostic.ts';

export const varianceOfOne = {
  code: 'MW3124',
  title: `A variance of one expert`,
  severity: 'warning',
  what: `\`sce\` keeps the entries in which the experts differ most; one expert differs from nobody, and nothing is kept.
Give it two experts or more, or trim the one: \`base + trim(math - base)\`.`,
  wrong: `merge m = sce(base, [math], density: 50%)`,
  right: `merge m = sce(base, [math, code], density: 50%)`,
} satisfies DiagnosticKind;
