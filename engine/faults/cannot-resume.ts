import type { FaultKind } from './fault.ts';

export const cannotResume = {
  code: 'MW6108',
  title: 'An interrupted run cannot be continued',
  severity: 'error',
  exit: 'input',
  what: [
    'An interrupted run left its work beside the output, and this run would not make the same:',
    'the recipe, one of its models, or the version of the engine is another.',
    'Bytes of two plans are never mixed.',
  ].join('\n'),
  wrong: 'run --resume, after a model was changed',
  right: 'run without --resume, which begins anew',
} as const satisfies FaultKind;
