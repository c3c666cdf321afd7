import type { DiagnosticKind } from './diagnostic.ts';

export const settingWithoutEffect = {
  code: 'MW3114',
  title: `A setting without effect`,
  severity: 'warning',
  what: `What the setting acts on is not there: nothing is dropped that could be made up for, one expert needs no election, a rounding type is not used.
Other tools ignore such a setting in silence.`,
  wrong: `merge m = ties(base, [math], elect: count)`,
  right: `merge m = ties(base, [math, code], elect: count)`,
} satisfies DiagnosticKind;
