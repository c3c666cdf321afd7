import type { FaultKind } from './fault.ts';

export const quantisedCheckpoint = {
  code: 'MW4541',
  title: 'The checkpoint is quantised',
  severity: 'error',
  exit: 'input',
  what: [
    'Its weights are packed integers with scales beside them, not numbers that can be added.',
    'A merge of the packed bytes would give noise.',
  ].join('\n'),
  wrong: 'layers.0.q_proj.qweight I32',
  right: 'layers.0.q_proj.weight BF16',
} as const satisfies FaultKind;
