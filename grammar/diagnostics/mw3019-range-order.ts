import type { DiagnosticKind } from './diagnostic.ts';

export const rangeOrder = {
  code: 'MW3019',
  title: 'A range that runs downwards',
  severity: 'error',
  what: 'A range names its first end first; both ends belong to it.',
  wrong: 'layers early = 7..0',
  right: 'layers early = 0..7',
} satisfies DiagnosticKind;
