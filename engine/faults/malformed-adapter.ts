import type { FaultKind } from './fault.ts';

export const malformedAdapter = {
  code: 'MW4525',
  title: 'The adapter is damaged',
  severity: 'error',
  exit: 'input',
  what: 'A factor is missing, the two factors of a matrix have different ranks, or the configuration does not say what it must.',
  wrong: 'lora_A of rank 8 beside lora_B of rank 16',
  right: 'copy the adapter again from where it came from',
} as const satisfies FaultKind;
