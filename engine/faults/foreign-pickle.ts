import type { FaultKind } from './fault.ts';

export const foreignPickle = {
  code: 'MW4590',
  title: 'The pickle asks for more than tensors',
  severity: 'error',
  exit: 'input',
  what: [
    'A pickle is a program: it may name any function of Python and have it called.',
    'Here it is read as data, and only the few names that tensors need are known; any other is refused, and nothing was run.',
    'Such a name may be an attack, or a class of the trainer that was saved together with the weights.',
  ].join('\n'),
  wrong: 'posix.system',
  right: 'torch._utils._rebuild_tensor_v2',
} as const satisfies FaultKind;
