import type { FaultKind } from './fault.ts';

export const runsLater = {
  code: 'MW3902',
  title: 'The output depends on a form that runs later',
  severity: 'error',
  exit: 'input',
  what: 'The recipe is sound, but the engine does not run one of its forms yet.',
  wrong: 'output tuned to "./out"  // of a search',
  right: 'output final to "./out"',
} as const satisfies FaultKind;
