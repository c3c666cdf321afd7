import type { DiagnosticKind } from './diagnostic.ts';

export const otherToolsName = {
  code: 'MW2016',
  title: `A name that other tools use`,
  severity: 'error',
  what: `Another tool calls a parameter so; here each thing has one name in all methods.
A setting under another name would be silently ignored elsewhere: here it stops, and the fix writes the name that is meant.`,
  wrong: `merge m = ties(base, [math], lambda: 0.5)`,
  right: `merge m = ties(base, [math], scale: 0.5)`,
} satisfies DiagnosticKind;
