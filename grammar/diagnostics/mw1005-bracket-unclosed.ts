import type { DiagnosticKind } from './diagnostic.ts';

export const bracketUnclosed: DiagnosticKind = {
  code: 'MW1005',
  title: 'A bracket is never closed',
  severity: 'error',
  what: 'A bracket or brace is opened and not closed before its statement ends.\nWhat follows is read as if it were closed where the mark is missing.',
  wrong: 'merge blend = average([a, b)',
  right: 'merge blend = average([a, b])',
};
