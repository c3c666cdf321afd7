import type { DiagnosticKind } from './diagnostic.ts';

export const notAPlace = {
  code: 'MW3021',
  title: 'No place',
  severity: 'error',
  what: 'After `at` stands a set of tensors: `layers 0..7`, a pattern, a part or a declared place.',
  wrong: 'at 0..7 { t = 0 }',
  right: 'at layers 0..7 { t = 0 }',
} satisfies DiagnosticKind;
