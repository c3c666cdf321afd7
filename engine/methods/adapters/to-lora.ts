import type { Method } from '../method.ts';

export const toLora: Method = {
  name: 'to_lora',
  title: 'A Delta as an adapter',
  family: 'adapters',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  makes: 'adapter',
  parameters: [
    {
      name: 'rank',
      type: { kind: 'number', name: 'Count', min: 0 },
      default: 0,
      meaning:
        'The rank of each factor pair, at most; 0 keeps every rank that a sum of adapters has, which is exact.',
    },
  ],
  summary: 'Writes a Delta as an adapter: two thin factors for each matrix.',
  formula:
    'without a rank B = [c₁ s₁ B₁ | c₂ s₂ B₂ | …], A = [A₁; A₂; …]; with one τ = U Σ Vᵀ, B = U_r √Σ_r, A = √Σ_r V_rᵀ',
  reference: 'Hu et al., LoRA, ICLR 2022; the nearest matrix of a rank by Eckart and Young, 1936',
  example: 'merge tone = to_lora(math - base, rank: 32)',
  // Factors are made where an output stores them; figures are those of the Delta.
  build: (_, call) => call.inputs[0]!,
};
