import type { FaultKind } from './fault.ts';

export const fetchBusy = {
  code: 'MW6305',
  title: 'Another program downloads the same file',
  severity: 'error',
  exit: 'machine',
  what: ['Two programs that write one file would spoil it, so the second one does not begin.'].join(
    '\n',
  ),
  wrong: 'two fetches of one model at once',
  right: 'wait until the other has ended',
} as const satisfies FaultKind;
