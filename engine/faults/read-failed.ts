import type { FaultKind } from './fault.ts';

export const readFailed = {
  code: 'MW6005',
  title: 'Reading failed',
  severity: 'error',
  exit: 'machine',
  what: 'The system reported an error of the disk, or too many open files.',
  wrong: 'EIO',
  right: "look at the system's log; copy the model to another disk",
} as const satisfies FaultKind;
