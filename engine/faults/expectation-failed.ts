import type { FaultKind } from './fault.ts';

export const expectationFailed = {
  code: 'MW5002',
  title: 'An expectation does not hold',
  severity: 'error',
  exit: 'input',
  what: 'The weights were made and judged by the recipe’s own expectation; nothing was published.',
  wrong: 'expect gap(final, code) < 10%',
  right: 'change the recipe, or the figure it expects',
} as const satisfies FaultKind;
