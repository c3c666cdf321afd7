import type { FaultKind } from './fault.ts';

export const noLockfile = {
  code: 'MW6401',
  title: 'The recipe has no lock',
  severity: 'error',
  exit: 'input',
  what: [
    'With --locked a recipe’s models are held against the lock beside it, and there is none.',
    'A lock names the commit and the files of every model, with their SHA-256.',
  ].join('\n'),
  wrong: 'mergewright run recipe.merge --locked',
  right: 'mergewright lock recipe.merge\nmergewright run recipe.merge --locked',
} as const satisfies FaultKind;
