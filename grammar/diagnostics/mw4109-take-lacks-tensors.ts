import type { DiagnosticKind } from './diagnostic.ts';

export const takeLacksTensors = {
  code: 'MW4109',
  title: 'A taken model lacks tensors of the place',
  severity: 'error',
  what: 'What is taken must have every tensor of the place, in the same shape.',
  wrong: 'at layers 8..23 { take small }',
  right: 'at layers 8..11 { take small }',
} satisfies DiagnosticKind;
