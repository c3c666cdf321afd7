import type { DiagnosticKind } from './diagnostic.ts';

export const trimAfterDrop = {
  code: 'MW3109',
  title: `A trim that finds nothing to trim`,
  severity: 'warning',
  what: `\`dare\` has already dropped more than the trim would: the entries that are left are fewer than it keeps, and its threshold is 0.
Lower the density of the trim, or raise that of \`dare\`.`,
  wrong: `merge m = ties(base, [dare(math - base, density: 10%)], density: 20%)`,
  right: `merge m = ties(base, [dare(math - base, density: 50%)], density: 20%)`,
} satisfies DiagnosticKind;
