import type { FaultKind } from './fault.ts';

export const diskTooSmall = {
  code: 'MW6002',
  title: 'The disk has too little room',
  severity: 'error',
  exit: 'machine',
  what: [
    'The size of the output is known before the first byte is written, and the disk has less room than that.',
    'A replaced output keeps its room until the new one is whole.',
  ].join('\n'),
  wrong: 'needed 15.2 GB, free 9.8 GB',
  right: 'free some space, or give another folder with --out',
} as const satisfies FaultKind;
