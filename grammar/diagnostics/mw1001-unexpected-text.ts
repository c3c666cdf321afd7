import type { DiagnosticKind } from './diagnostic.ts';

export const unexpectedText: DiagnosticKind = {
  code: 'MW1001',
  title: 'Unexpected text',
  severity: 'error',
  what: 'Something stands where nothing of its kind may stand.\nThe rest of its statement is read without it, so it would have no effect.',
  wrong: 'model base = "./base" extra',
  right: 'model base = "./base"',
};
