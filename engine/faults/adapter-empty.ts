import type { FaultKind } from './fault.ts';

export const adapterEmpty = {
  code: 'MW4527',
  title: 'Nothing that an adapter could hold',
  severity: 'error',
  exit: 'input',
  what: [
    'An adapter changes matrices: weights of linear layers, embeddings and convolutions of a model.',
    'The Delta changes none of them, so that there is nothing to write.',
  ].join('\n'),
  wrong: 'merge none = to_lora(tone - tone)',
  right: 'merge half = to_lora(0.5 * tone)',
} as const satisfies FaultKind;
