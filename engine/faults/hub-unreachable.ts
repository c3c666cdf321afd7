import type { FaultKind } from './fault.ts';

export const hubUnreachable = {
  code: 'MW6301',
  title: 'The hub does not answer',
  severity: 'error',
  exit: 'machine',
  what: [
    'No connection came about, an answer did not come in time or broke off again and again, or the hub is in trouble itself.',
    'What has arrived stays, and the next fetch goes on from there.',
  ].join('\n'),
  wrong: 'mergewright fetch org/name without a network',
  right: 'the same once the network is there',
} as const satisfies FaultKind;
