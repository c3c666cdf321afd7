import type { FaultKind } from './fault.ts';

export const missingShard = {
  code: 'MW4531',
  title: 'A shard is missing',
  severity: 'error',
  exit: 'input',
  what: 'The index names a file that is not in the folder, so part of the model is not there.',
  wrong: 'index names 7 files, the folder has 6',
  right: 'the folder has all 7 files',
} as const satisfies FaultKind;
