import type { DiagnosticKind } from './diagnostic.ts';

export const unknownCharacter: DiagnosticKind = {
  code: 'MW1015',
  title: 'An unknown character',
  severity: 'error',
  what: 'A character that the language gives no meaning.\nIt is left out, and the rest of its line is read.',
  wrong: 'model base = "./base";',
  right: 'model base = "./base"',
};
