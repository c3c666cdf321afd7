import type { FaultKind } from './fault.ts';

export const sourceNotLocked = {
  code: 'MW6403',
  title: 'A source is not in the lock',
  severity: 'error',
  exit: 'input',
  what: 'The recipe reads a model that its lock does not name, or that it names with another place.',
  wrong: 'model added = "org/name"  // below the models that were locked',
  right: 'mergewright lock recipe.merge',
} as const satisfies FaultKind;
