import type { DiagnosticKind } from './diagnostic.ts';

export const textUnclosed: DiagnosticKind = {
  code: 'MW1012',
  title: 'A text is never closed',
  severity: 'error',
  what: 'A text ends on the line it began on.\nLong text lives in a file of its own.',
  wrong: 'model base = "./base',
  right: 'model base = "./base"',
};
