import type { FaultKind } from './fault.ts';

export const diskFull = {
  code: 'MW6001',
  title: 'The disk is full',
  severity: 'error',
  exit: 'machine',
  what: [
    "The disk, or this user's share of it, filled up while the output was being written.",
    "Nothing stands under the output's name; what was written is removed.",
  ].join('\n'),
  wrong: '0 bytes free',
  right: 'free some space, or give another folder with --out',
} as const satisfies FaultKind;
