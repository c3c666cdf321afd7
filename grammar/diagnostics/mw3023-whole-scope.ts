import type { DiagnosticKind } from './diagnostic.ts';

export const wholeScope = {
  code: 'MW3023',
  title: 'Settings that contradict `scope: whole`',
  severity: 'error',
  what: 'Over the whole model there is one threshold for all tensors, so that densities cannot differ by place; the tool that `compat: mergekit` follows has no such scope.',
  wrong: 'merge m = ties(base, [math], scope: whole, density: curve(0.1, 0.3))',
  right: 'merge m = ties(base, [math], scope: whole, density: 20%)',
} satisfies DiagnosticKind;
