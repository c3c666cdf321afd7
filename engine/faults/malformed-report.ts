import type { FaultKind } from './fault.ts';

export const malformedReport = {
  code: 'MW6107',
  title: 'The report cannot be read',
  severity: 'error',
  exit: 'input',
  what: [
    '`mergewright.json` is the mark by which an output is known as made by a run.',
    'One that does not hold what a report holds is no such mark.',
  ].join('\n'),
  wrong: '{"planHash": 3}',
  right: 'the report as the run wrote it',
} as const satisfies FaultKind;
