import type { DiagnosticKind } from './diagnostic.ts';

export const notByPlace = {
  code: 'MW3011',
  title: 'A setting that holds for the whole step',
  severity: 'error',
  what: 'A rule sets only what may differ by place; a seed or a scope is one for the step.',
  wrong: `merge m = dare_ties(base, [math]) {
  at mlp { seed = 7 }
}`,
  right: 'merge m = dare_ties(base, [math], seed: 7)',
} satisfies DiagnosticKind;
