import type { FaultKind } from './fault.ts';

export const truncatedFile = {
  code: 'MW4506',
  title: 'The file ends too early',
  severity: 'error',
  exit: 'input',
  what: [
    'The header promises more bytes than the file has, so weights at its end are missing.',
    'It is most often an interrupted download or copy.',
  ].join('\n'),
  wrong: 'header: 746 MB of tensors, file: 512 MB',
  right: 'copy or download the file again',
} as const satisfies FaultKind;
