import type { FaultKind } from './fault.ts';

export const needsOverwrite = {
  code: 'MW6103',
  title: 'The output is there already',
  severity: 'error',
  exit: 'input',
  what: [
    'A run made it from another recipe, other inputs or another version, or it was changed since.',
    'It is replaced only when that is asked for.',
  ].join('\n'),
  wrong: 'mergewright run recipe.merge',
  right: 'mergewright run recipe.merge --overwrite',
} as const satisfies FaultKind;
