import type { FaultKind } from './fault.ts';

export const offsetsLie = {
  code: 'MW4510',
  title: 'The header lies about where its tensors are',
  severity: 'error',
  exit: 'input',
  what: [
    'Tensors must lie one behind the other, without holes or overlaps, inside the file, each as long as its shape and type say.',
    'A header that says otherwise could make two tensors share bytes, or hide some.',
  ].join('\n'),
  wrong: '"shape": [2], "dtype": "F32", "data_offsets": [0, 6]',
  right: '"shape": [2], "dtype": "F32", "data_offsets": [0, 8]',
} as const satisfies FaultKind;
