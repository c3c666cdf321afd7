import type { DiagnosticKind } from './diagnostic.ts';

export const misspeltStatement: DiagnosticKind = {
  code: 'MW1018',
  title: 'A misspelt statement',
  severity: 'error',
  what: 'A line that reads like a statement opens with a word that is nearly one of the language.\nIt is read as that word.',
  wrong: 'modle base = "./base"',
  right: 'model base = "./base"',
};
