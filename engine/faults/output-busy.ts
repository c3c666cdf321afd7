import type { FaultKind } from './fault.ts';

export const outputBusy = {
  code: 'MW6101',
  title: 'Another run is writing this output',
  severity: 'error',
  exit: 'input',
  what: [
    'A lock beside the output names a process that is still at work.',
    "Two runs in one folder would spoil each other's files.",
  ].join('\n'),
  wrong: 'two runs with one --out',
  right: 'wait for the other run, or give another folder with --out',
} as const satisfies FaultKind;
