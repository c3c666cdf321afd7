import type { FaultKind } from './fault.ts';

export const writeFailed = {
  code: 'MW6004',
  title: 'Writing failed',
  severity: 'error',
  exit: 'machine',
  what: 'The system reported an error of the disk or of the connection to it.',
  wrong: 'EIO',
  right: "look at the system's log; write to another disk",
} as const satisfies FaultKind;
