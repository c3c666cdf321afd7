import type { FaultKind } from './fault.ts';

export const rankTooLarge = {
  code: 'MW4528',
  title: 'A rank too large for so large a matrix',
  severity: 'error',
  exit: 'input',
  what: [
    'A matrix is cut to a rank by a decomposition that takes memory by its longer side times the rank; WebAssembly has 4 GiB of it.',
    'Embeddings of large vocabularies come to that with ranks in the thousands, where a LoRA is no smaller than the matrix.',
  ].join('\n'),
  wrong: 'merge small = to_lora(math - base, rank: 4000)',
  right: 'merge small = to_lora(math - base, rank: 256)',
} as const satisfies FaultKind;
