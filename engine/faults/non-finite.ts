import type { FaultKind } from './fault.ts';

export const nonFinite = {
  code: 'MW5001',
  title: 'A value is no finite number',
  severity: 'error',
  exit: 'input',
  what: 'An element of the output would be an infinity or a NaN: an input holds one, or a finite value overflows the type it is stored in.',
  wrong: 'merge a = average([x, y])  // x holds a NaN',
  right: 'run with --allow-nonfinite, or merge without that model',
} as const satisfies FaultKind;
