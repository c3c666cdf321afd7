import type { DiagnosticKind } from './diagnostic.ts';

export const mixedTypes = {
  code: 'MW4108',
  title: 'Models stored in unlike types',
  severity: 'warning',
  what: `The result takes the type of the base, or of its first model; an output's \`dtype\` says which is meant.`,
  wrong: 'output m to "./out"',
  right: 'output m to "./out" { dtype = bf16 }',
} satisfies DiagnosticKind;
