import type { DiagnosticKind } from './diagnostic.ts';

export const nothingKept = {
  code: 'MW4111',
  title: 'A density that keeps nothing of a tensor',
  severity: 'error',
  what: 'Of so small a tensor this share is less than one element, and the tool that `compat: mergekit` follows stops there.',
  wrong: 'merge m = ties(base, [a], density: 1%, compat: mergekit)',
  right: `merge m = ties(base, [a], density: 1%, compat: mergekit) {
  at norms | final_norm { density = 100% }
}`,
} satisfies DiagnosticKind;
