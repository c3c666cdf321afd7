import type { FaultKind } from './fault.ts';

export const hubOffline = {
  code: 'MW4580',
  title: 'The hub is not to be asked',
  severity: 'error',
  exit: 'input',
  what: [
    'HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE says that nothing goes out from this machine, so nothing can be fetched.',
    'Models that are in the cache are merged as ever.',
  ].join('\n'),
  wrong: 'HF_HUB_OFFLINE=1 mergewright fetch org/name',
  right: 'HF_HUB_OFFLINE=0 mergewright fetch org/name',
} as const satisfies FaultKind;
