import type { FaultKind } from './fault.ts';

export const indexDisagrees = {
  code: 'MW4532',
  title: 'The index and the shards disagree',
  severity: 'error',
  exit: 'input',
  what: [
    'A tensor is in the index but not in the file that the index names for it, or in a file but not in the index.',
    'The folder is a mixture of two models or an incomplete copy.',
  ].join('\n'),
  wrong: 'index: "a" in file 1; file 1: no "a"',
  right: 'index: "a" in file 1; file 1: "a"',
} as const satisfies FaultKind;
