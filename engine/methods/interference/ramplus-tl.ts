import type { LaterMethod } from '../method.ts';
import { changeThreshold, compat, compute } from '../parameters.ts';

export const ramplusTl: LaterMethod = {
  name: 'ramplus_tl',
  title: 'Reinforced Agent Merging, rescaled tensor by tensor',
  family: 'interference',
  inputs: { kind: 'experts', base: 'required', atLeast: 1 },
  gives: 'model',
  parameters: [
    {
      name: 'r',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      default: 0.1,
      byPlace: true,
      meaning: 'How much the share of shared changes amplifies the unique ones.',
    },
    {
      name: 'alpha',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      default: 0.2,
      byPlace: true,
      meaning: 'The largest share that counts.',
    },
    changeThreshold,
    compat,
    compute,
  ],
  later: true,
  summary:
    'As `ram`, with the unique changes of each expert amplified by how many of its changes are shared.',
  formula:
    'ρ_m = shared_m / unique_m · λ_m = 1 + r · clamp(ρ_m, 0, α) · θ = θ₀ + Σ A_m τ_m · (λ_m where c = 1, else 1/c)',
  reference: 'Reinforced Agent Merging, arXiv 2601.13572, 2026',
  example: 'merge agents = ramplus_tl(base, [math, code])',
};
