import type { DiagnosticKind } from './diagnostic.ts';

export const notInMergekit = {
  code: 'MW3115',
  title: `A choice that mergekit has not got`,
  severity: 'warning',
  what: `\`compat: mergekit\` reproduces that tool, which has no such choice: its result can be compared with nothing.
Leave the choice at its default, or leave \`compat\` out.`,
  wrong: `merge m = ties(base, [math, code], elect: count, compat: mergekit)`,
  right: `merge m = ties(base, [math, code], compat: mergekit)`,
} satisfies DiagnosticKind;
