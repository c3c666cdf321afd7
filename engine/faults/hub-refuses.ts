import type { FaultKind } from './fault.ts';

export const hubRefuses = {
  code: 'MW4583',
  title: 'The hub refuses the token',
  severity: 'error',
  exit: 'input',
  what: [
    'The token is wrong or has run out, or the rights it was given do not cover this model.',
  ].join('\n'),
  wrong: 'HF_TOKEN with a token that was deleted',
  right: 'HF_TOKEN with a token that may read the model',
} as const satisfies FaultKind;
