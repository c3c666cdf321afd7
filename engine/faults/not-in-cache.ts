import type { FaultKind } from './fault.ts';

export const notInCache = {
  code: 'MW4551',
  title: 'The model is not in the local Hugging Face cache',
  severity: 'error',
  exit: 'input',
  what: [
    'Ids are resolved in the local cache, and nothing is fetched.',
    'Another revision is never taken in place of the one that is asked for.',
  ].join('\n'),
  wrong: 'hub("org/name", revision: "v2")',
  right: 'download the revision first, or name one that is in the cache',
} as const satisfies FaultKind;
