import type { DiagnosticKind } from './diagnostic.ts';

export const reservedWord: DiagnosticKind = {
  code: 'MW1004',
  title: 'A word of the language stands as a name',
  severity: 'error',
  what: 'The words of the language cannot name a thing, so that every statement can be told by its first word.\nAfter a dot and before a colon any word will do.',
  wrong: 'let step = 0.5',
  right: 'let stride = 0.5',
};
