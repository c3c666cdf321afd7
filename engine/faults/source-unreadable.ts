import type { FaultKind } from './fault.ts';

export const sourceUnreadable = {
  code: 'MW4502',
  title: 'The file cannot be read',
  severity: 'error',
  exit: 'input',
  what: 'The file is there, but this user may not read it.',
  wrong: '-rw------- root  model.safetensors',
  right: '-rw-r--r-- root  model.safetensors',
} as const satisfies FaultKind;
