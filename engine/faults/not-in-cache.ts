import type { FaultKind } from './fault.ts';

export const notInCache = {
  code: 'MW4551',
  title: 'The model is not in the local Hugging Face cache',
  severity: 'error',
  exit: 'input',
  what: [
    'Ids are resolved in the local cache, and nothing is fetched unless it is asked for: `mergewright fetch`, or the editor’s button.',
    'Another revision is never taken in place of the one that is asked for.',
  ].join('\n'),
  wrong: 'hub("org/name", revision: "v2")',
  right: 'mergewright fetch org/name@v2, or a revision that is in the cache',
} as const satisfies FaultKind;
