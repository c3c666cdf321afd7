import type { DiagnosticKind } from './diagnostic.ts';

export const loosePercent: DiagnosticKind = {
  code: 'MW1021',
  title: 'A blank before `%`',
  severity: 'error',
  what: 'A percentage is one word: `40%` is 0.4.\nThere is no modulo that the sign could be taken for.',
  wrong: 'let keep = 40 %',
  right: 'let keep = 40%',
};
