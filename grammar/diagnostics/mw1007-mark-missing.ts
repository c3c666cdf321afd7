import type { DiagnosticKind } from './diagnostic.ts';

export const markMissing: DiagnosticKind = {
  code: 'MW1007',
  title: 'A mark or a word is missing',
  severity: 'error',
  what: 'A statement, a setting or an entry lacks the `=`, `:`, `{` or `to` that joins its parts.',
  wrong: 'output blend "./out"',
  right: 'output blend to "./out"',
};
