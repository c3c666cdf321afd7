import type { FaultKind } from './fault.ts';

export const emptyFile = {
  code: 'MW4504',
  title: 'The file is empty',
  severity: 'error',
  exit: 'input',
  what: [
    'A safetensors file has at least a length and a header.',
    'An empty one is most often what a broken download or a full disk left.',
  ].join('\n'),
  wrong: '0 bytes  model.safetensors',
  right: '746 MB   model.safetensors',
} as const satisfies FaultKind;
