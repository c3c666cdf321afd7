import type { DiagnosticKind } from './diagnostic.ts';

export const tensorsMissing = {
  code: 'MW4105',
  title: 'Tensors that only one model has',
  severity: 'error',
  what: 'Two models meet only where they hold the same tensors; a Delta may leave some out.',
  wrong: 'merge m = linear([llama, gpt])',
  right: 'merge m = linear([llama, llama_too])',
} satisfies DiagnosticKind;
