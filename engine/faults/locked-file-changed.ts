import type { FaultKind } from './fault.ts';

export const lockedFileChanged = {
  code: 'MW6405',
  title: 'A file is not the one that was locked',
  severity: 'error',
  exit: 'input',
  what: [
    'A model’s file has another size, header or SHA-256 than the lock says, is missing, or was not there.',
    'Where only its time differs the whole file is read, and its SHA-256 decides.',
  ].join('\n'),
  wrong: 'cp other.safetensors base/model.safetensors\nmergewright run recipe.merge --locked',
  right: 'mergewright lock recipe.merge',
} as const satisfies FaultKind;
