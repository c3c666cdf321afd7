import type { DiagnosticKind } from './diagnostic.ts';

export const importInCircle = {
  code: 'MW2014',
  title: 'Imports in a circle',
  severity: 'error',
  what: `A recipe reads downwards, through its imports too: a file that leads back to itself would need its names before it has them.
Put what both files need into a third one.`,
  wrong: 'use "./recipe.merge"',
  right: 'use "./common.merge"',
} satisfies DiagnosticKind;
