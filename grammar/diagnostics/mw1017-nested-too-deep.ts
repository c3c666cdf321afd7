import type { DiagnosticKind } from './diagnostic.ts';

export const nestedTooDeep: DiagnosticKind = {
  code: 'MW1017',
  title: 'Nested too deep',
  severity: 'error',
  what: 'Brackets within brackets, or one calculation of many hundred terms, go deeper than can be read safely.\nA `let` or a `merge` of its own takes a part out.',
  wrong: `let deep = ${'('.repeat(101)}1${')'.repeat(101)}`,
  right: 'let deep = ((1))',
};
