import type { FaultKind } from './fault.ts';

export const unknownToHub = {
  code: 'MW4581',
  title: 'The hub does not know the model',
  severity: 'error',
  exit: 'input',
  what: [
    'There is no model of this id, or no such revision of it; a private one is unknown to who may not read it.',
  ].join('\n'),
  wrong: 'mergewright fetch org/nmae',
  right: 'mergewright fetch org/name',
} as const satisfies FaultKind;
