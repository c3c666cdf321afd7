import type { FaultKind } from './fault.ts';

export const unknownDtype = {
  code: 'MW4509',
  title: 'A tensor has a number type that is not read',
  severity: 'error',
  exit: 'input',
  what: [
    'The engine reads F64, F32, F16, BF16, two kinds of F8, the integers of 8 to 64 bits, and BOOL.',
    'A type of another name cannot be copied safely, because its size is not known here.',
  ].join('\n'),
  wrong: '"dtype": "F4"',
  right: '"dtype": "BF16"',
} as const satisfies FaultKind;
