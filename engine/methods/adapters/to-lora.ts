import type { LaterMethod } from '../method.ts';

export const toLora: LaterMethod = {
  name: 'to_lora',
  title: 'A Delta as an adapter',
  family: 'adapters',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  parameters: [
    {
      name: 'rank',
      type: { kind: 'number', name: 'Count', min: 0 },
      default: 0,
      meaning:
        'The rank of each factor pair; 0 keeps every rank the Delta has, which is exact for sums of adapters.',
    },
  ],
  later: true,
  summary: 'Writes a Delta as an adapter: two thin factors for each matrix.',
  formula: 'τ ≈ B A, from the largest singular values of τ',
  reference: 'Hu et al., LoRA, ICLR 2022',
  example: 'merge tone = to_lora(math - base, rank: 32)',
};
