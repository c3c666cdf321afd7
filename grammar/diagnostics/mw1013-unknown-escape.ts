import type { DiagnosticKind } from './diagnostic.ts';

export const unknownEscape: DiagnosticKind = {
  code: 'MW1013',
  title: 'An unknown escape',
  severity: 'error',
  what: 'In a text a backslash opens one of the escapes of JSON.\nIn a path write `/`, which every system reads.',
  wrong: 'model base = "G:\\Models\\base"',
  right: 'model base = "G:/Models/base"',
};
