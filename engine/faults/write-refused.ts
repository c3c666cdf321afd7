import type { FaultKind } from './fault.ts';

export const writeRefused = {
  code: 'MW6003',
  title: 'The system refused to write',
  severity: 'error',
  exit: 'machine',
  what: 'This user may not write there, or the file system is mounted read-only.',
  wrong: 'output final to "/usr/model"',
  right: 'output final to "./out/model"',
} as const satisfies FaultKind;
