import type { FaultKind } from './fault.ts';

export const hubAnswerMalformed = {
  code: 'MW6303',
  title: 'The hub’s answer cannot be used',
  severity: 'error',
  exit: 'machine',
  what: [
    'An answer is not what the hub’s routes give: another server stands at the address, or something between changes what it says.',
    'Names that lead out of the cache are among what is refused.',
  ].join('\n'),
  wrong: 'HF_ENDPOINT with the address of another server',
  right: 'HF_ENDPOINT with that of a hub, or none',
} as const satisfies FaultKind;
