import type { FaultKind } from './fault.ts';

export const downloadDiffers = {
  code: 'MW6304',
  title: 'What arrived is not what the hub names',
  severity: 'error',
  exit: 'machine',
  what: [
    'Each file is held against its checksum before it gets its name; one that differs is deleted.',
  ].join('\n'),
  wrong: 'a proxy that changes bytes',
  right: 'the same fetch once more, by another way if it differs again',
} as const satisfies FaultKind;
