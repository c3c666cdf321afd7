import type { FaultKind } from './fault.ts';

export const partInCache = {
  code: 'MW4553',
  title: 'The local Hugging Face cache holds the model in part',
  severity: 'error',
  exit: 'input',
  what: [
    'The model is in the local cache, but files that a merge needs were not downloaded, or not to their end.',
    'The list of the revision’s files, which a download leaves in the cache, tells it; without one, the index of the weights does.',
  ].join('\n'),
  wrong: 'hub("org/name") with one of two shards in the cache',
  right: 'mergewright fetch org/name',
} as const satisfies FaultKind;
