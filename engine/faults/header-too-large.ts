import type { FaultKind } from './fault.ts';

export const headerTooLarge = {
  code: 'MW4507',
  title: 'The header is too large',
  severity: 'error',
  exit: 'input',
  what: [
    'The first eight bytes of a safetensors file are the length of its header, which the format caps at 100 MB.',
    'A larger figure means that the file is something else, or is damaged; it is refused before anything is allocated.',
  ].join('\n'),
  wrong: 'first eight bytes: 2147483648',
  right: 'first eight bytes: 71232',
} as const satisfies FaultKind;
