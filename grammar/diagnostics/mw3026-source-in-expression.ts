import type { DiagnosticKind } from './diagnostic.ts';

export const sourceInExpression = {
  code: 'MW3026',
  title: 'A source inside an expression',
  severity: 'error',
  what: 'Sources are declared by a statement of their own, so that they have a name in messages and maps.',
  wrong: 'merge m = linear(["./a", "./b"])',
  right: `model a = "./a"
model b = "./b"
merge m = linear([a, b])`,
} satisfies DiagnosticKind;
