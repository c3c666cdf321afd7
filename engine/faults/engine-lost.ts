import type { FaultKind } from './fault.ts';

export const engineLost = {
  code: 'MW6201',
  title: 'The engine was lost',
  severity: 'error',
  exit: 'machine',
  what: [
    'A worker or a process of the engine ended before its work did, and ended again when it was started anew:',
    'out of memory, killed, or a fault of its own.',
    'What was stored stays beside the output, and the next run of the same goes on with it.',
  ].join('\n'),
  wrong: 'a worker is killed twice',
  right: 'run again, with a smaller --memory if the machine is short of it',
} as const satisfies FaultKind;
