import type { FaultKind } from './fault.ts';

export const hubSlowsDown = {
  code: 'MW6302',
  title: 'The hub takes no more requests for now',
  severity: 'error',
  exit: 'machine',
  what: [
    'More was asked for than the hub gives to one address or account in a while, and waiting as long as it said did not help.',
    'What has arrived stays, and the next fetch goes on from there.',
  ].join('\n'),
  wrong: 'many fetches at once without a token',
  right: 'the same after a while, or with a token',
} as const satisfies FaultKind;
