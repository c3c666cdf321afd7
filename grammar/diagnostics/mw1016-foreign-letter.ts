import type { DiagnosticKind } from './diagnostic.ts';

export const foreignLetter: DiagnosticKind = {
  code: 'MW1016',
  title: 'A name with letters outside ASCII',
  severity: 'error',
  what: 'A name is made of ASCII letters, digits and `_`, so that it looks the same and compares the same everywhere.',
  wrong: 'model größe = "./base"',
  right: 'model size = "./base"',
};
