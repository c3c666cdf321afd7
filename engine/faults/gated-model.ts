import type { FaultKind } from './fault.ts';

export const gatedModel = {
  code: 'MW4582',
  title: 'The model is given on request',
  severity: 'error',
  exit: 'input',
  what: [
    'The model’s owner asks who uses it: somebody with an account has to agree to the terms on the model’s page first.',
    'A token of that account, in HF_TOKEN or left by a login, then opens it.',
  ].join('\n'),
  wrong: 'mergewright fetch org/gated',
  right: 'HF_TOKEN=… mergewright fetch org/gated',
} as const satisfies FaultKind;
