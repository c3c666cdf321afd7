import type { DiagnosticKind } from './diagnostic.ts';

export const outOfRange = {
  code: 'MW3002',
  title: 'A number outside its range',
  severity: 'error',
  what: 'Ranges are held by value, at every layer, so that a figure that cannot be meant is found before weights are read.',
  wrong: 'merge m = ties(base, [math], density: 20)',
  right: 'merge m = ties(base, [math], density: 20%)',
} satisfies DiagnosticKind;
