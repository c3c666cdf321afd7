import type { FaultKind } from './fault.ts';

export const malformedLockfile = {
  code: 'MW6402',
  title: 'Not a lock',
  severity: 'error',
  exit: 'input',
  what: [
    'A file with the name of the recipe’s lock is not what `mergewright lock` writes, or a later version wrote it.',
    'It is neither trusted nor replaced.',
  ].join('\n'),
  wrong: 'echo "{}" > recipe.merge.lock',
  right: 'rm recipe.merge.lock\nmergewright lock recipe.merge',
} as const satisfies FaultKind;
