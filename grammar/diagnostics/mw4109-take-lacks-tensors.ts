import type { DiagnosticKind } from './diagnostic.ts';

export const takeLacksTensors = {
  code: 'MW4109',
  title: 'A taken model lacks tensors of the place',
  severity: 'error',
  what: 'What is taken must have every tensor of the place, in the same shape.',
  wrong: 'at head { take tied }',
  right: 'at embeddings { take tied }',
} satisfies DiagnosticKind;
