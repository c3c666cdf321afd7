import type { DiagnosticKind } from './diagnostic.ts';

export const otherQuotes: DiagnosticKind = {
  code: 'MW1011',
  title: 'Text stands in other quotes',
  severity: 'error',
  what: 'Text stands in double quotes; there is no second kind.',
  wrong: "model base = './base'",
  right: 'model base = "./base"',
};
