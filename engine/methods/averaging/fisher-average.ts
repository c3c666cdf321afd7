import type { LaterMethod } from '../method.ts';
import { compat, compute, weight } from '../parameters.ts';

export const fisherAverage: LaterMethod = {
  name: 'fisher_average',
  title: 'Fisher-weighted averaging',
  family: 'averaging',
  inputs: { kind: 'experts', base: 'none', atLeast: 2 },
  gives: 'experts',
  parameters: [
    {
      name: 'fisher',
      type: { kind: 'stats' },
      byModel: true,
      meaning: 'The diagonal of each expert’s Fisher information, a `stats` of its own.',
    },
    weight,
    {
      name: 'normalize_fisher',
      type: { kind: 'boolean' },
      default: true,
      meaning:
        'Whether each expert’s information is divided by its norm over the whole model, so that none decides by its scale.',
    },
    {
      name: 'floor',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      default: 1e-6,
      meaning:
        'The least information that the first expert counts as having: where nobody has any, its value stays.',
    },
    compat,
    compute,
  ],
  later: true,
  summary: 'The mean of the models, each element weighted by how much its model depends on it.',
  formula: 'θ = Σ c_t F_t θ_t / Σ c_t F_t, c_t = w_t / ‖F_t‖₂',
  reference: 'Matena and Raffel, Merging models with Fisher-weighted averaging, NeurIPS 2022',
  example: 'merge curved = fisher_average([math, code], fisher: [f_math, f_code])',
};
