import type { DiagnosticKind } from './diagnostic.ts';

export const unknownMeasure = {
  code: 'MW2010',
  title: 'A measure that does not exist',
  severity: 'error',
  what: 'An expectation compares measures; their names are few.',
  wrong: 'expect gp(m, math) < 120%',
  right: 'expect gap(m, math) < 120%',
} satisfies DiagnosticKind;
