import type { FaultKind } from './fault.ts';

export const severalWeights = {
  code: 'MW4521',
  title: 'The folder holds several sets of weights',
  severity: 'error',
  exit: 'input',
  what: [
    'More than one file could be meant, and they may differ.',
    'Name the one that is meant.',
  ].join('\n'),
  wrong: 'model base = "./checkpoints"',
  right: 'model base = "./checkpoints/step-2000.safetensors"',
} as const satisfies FaultKind;
