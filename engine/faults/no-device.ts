import type { FaultKind } from './fault.ts';

export const noDevice = {
  code: 'MW6203',
  title: 'There is no GPU to run on',
  severity: 'error',
  exit: 'machine',
  what: 'A GPU was asked for, and none could be opened that computes exactly.',
  wrong: '--backend gpu on a machine without one',
  right: '--backend auto',
} as const satisfies FaultKind;
