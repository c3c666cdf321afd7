import type { FaultKind } from './fault.ts';

export const duplicateTensor = {
  code: 'MW4511',
  title: 'A name stands twice in the header',
  severity: 'error',
  exit: 'input',
  what: [
    'Each tensor has a name of its own.',
    'Of two with one name, programs take now the first, now the last: the file means different weights to each of them.',
  ].join('\n'),
  wrong: '{"a": …, "a": …}',
  right: '{"a": …, "b": …}',
} as const satisfies FaultKind;
