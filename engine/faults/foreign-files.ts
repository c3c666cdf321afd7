import type { FaultKind } from './fault.ts';

export const foreignFiles = {
  code: 'MW6102',
  title: "The output folder holds somebody else's files",
  severity: 'error',
  exit: 'input',
  what: [
    'Only a folder that a run made is ever replaced: its report, mergewright.json, lists its files.',
    'A file that is not in the list was put there by somebody, and would be lost.',
  ].join('\n'),
  wrong: './out/model with notes.txt',
  right: 'an empty or new folder',
} as const satisfies FaultKind;
