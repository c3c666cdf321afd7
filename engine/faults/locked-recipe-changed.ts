import type { FaultKind } from './fault.ts';

export const lockedRecipeChanged = {
  code: 'MW6406',
  title: 'A used recipe is not the one that was locked',
  severity: 'error',
  exit: 'input',
  what: 'A recipe that this one uses says something else than when it was locked, or was not used then.',
  wrong: 'use "./common.merge"  // edited since',
  right: 'mergewright lock recipe.merge',
} as const satisfies FaultKind;
