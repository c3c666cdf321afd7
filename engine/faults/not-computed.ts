import type { FaultKind } from './fault.ts';

export const notComputed = {
  code: 'MW4570',
  title: 'A type that is not computed with',
  severity: 'error',
  exit: 'input',
  what: 'Merging computes with F32, F16 and BF16; tensors of other types are copied, byte for byte.',
  wrong: 'merge a = average([x, y])  // x is stored as F64',
  right: 'convert x to F32 first',
} as const satisfies FaultKind;
