import type { LaterMethod } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const modelStock: LaterMethod = {
  name: 'model_stock',
  title: 'Model Stock',
  family: 'averaging',
  inputs: { kind: 'experts', base: 'required', atLeast: 2 },
  gives: 'model',
  parameters: [
    {
      name: 'filter_wise',
      type: { kind: 'boolean' },
      default: false,
      byPlace: true,
      meaning: 'Whether the angle is measured row by row instead of over the whole tensor.',
    },
    compat,
    compute,
  ],
  later: true,
  summary:
    'The mean of the experts, drawn towards the base by as much as their task vectors disagree in angle.',
  formula: 'c = mean cos(τ_i, τ_j) · t = N c / (1 + (N − 1) c) · θ = t · mean θ_m + (1 − t) θ₀',
  reference: 'Jang et al., Model Stock, ECCV 2024',
  example: 'merge stock = model_stock(base, [math, code])',
};
