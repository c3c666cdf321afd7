import type { FaultKind } from './fault.ts';

export const memoryTooSmall = {
  code: 'MW6202',
  title: 'The memory is too small',
  severity: 'error',
  exit: 'input',
  what: 'One worker needs room for one slice of every operand; the budget does not hold it.',
  wrong: '--memory 1MB',
  right: '--memory 64MB',
} as const satisfies FaultKind;
