import type { LaterMethod } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const sce: LaterMethod = {
  name: 'sce',
  title: 'Select, calculate, erase',
  family: 'interference',
  inputs: { kind: 'experts', base: 'required', atLeast: 1 },
  gives: 'model',
  parameters: [
    {
      name: 'density',
      type: { kind: 'number', name: 'Ratio', min: 0, max: 1, aboveMin: true },
      // As in the authors’ code; their own merge of chat models keeps a tenth.
      default: 1,
      byPlace: true,
      meaning: 'The share of elements kept: those in which the experts differ most.',
    },
    compat,
    compute,
  ],
  later: true,
  summary:
    'Keeps the elements of highest variance among the experts, weighs the experts by their energy there, and erases what the elected sign opposes.',
  formula: 'w_m = mean τ_m² / Σ mean τ² · θ = θ₀ + Σ w_m τ_m [sign = s] / Σ w_m [sign = s]',
  reference: 'Wan et al., FuseChat, 2024',
  example: 'merge fused = sce(base, [math, code], density: 10%)',
};
