import type { DiagnosticKind } from './diagnostic.ts';

export const usedAbove = {
  code: 'MW2007',
  title: 'A name used above its declaration',
  severity: 'error',
  what: `A recipe reads downwards, so that a cycle cannot be written.
Move the declaration up, or the use down.`,
  wrong: `merge m = linear([a, b])
model b = "./b"`,
  right: `model b = "./b"
merge m = linear([a, b])`,
} satisfies DiagnosticKind;
