import type { FaultKind } from './fault.ts';

export const lfsPointer = {
  code: 'MW4505',
  title: 'A git-LFS pointer stands in place of the weights',
  severity: 'error',
  exit: 'input',
  what: [
    'The repository was cloned without its large files: git wrote a small text that points at them.',
    'There are no weights to read until they are fetched.',
  ].join('\n'),
  wrong: '135 bytes  model.safetensors',
  right: "run `git lfs pull` in the model's folder",
} as const satisfies FaultKind;
