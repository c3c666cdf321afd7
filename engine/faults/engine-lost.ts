import type { FaultKind } from './fault.ts';

export const engineLost = {
  code: 'MW6201',
  title: 'The engine was lost',
  severity: 'error',
  exit: 'machine',
  what: 'A worker of the engine ended before its work did: out of memory, killed, or a fault of its own.',
  wrong: 'a worker is killed',
  right: 'run again, with a smaller --memory if the machine is short of it',
} as const satisfies FaultKind;
