import type { LaterMethod } from '../method.ts';
import { changeThreshold, compat, compute } from '../parameters.ts';

export const ram: LaterMethod = {
  name: 'ram',
  title: 'Reinforced Agent Merging',
  family: 'interference',
  inputs: { kind: 'experts', base: 'required', atLeast: 1 },
  gives: 'model',
  parameters: [changeThreshold, compat, compute],
  later: true,
  summary: 'Adds what one expert alone changed in full, and what several changed as their mean.',
  formula: 'A_m = [|τ_m| > ε] · c = Σ A_m · θ = θ₀ + Σ A_m τ_m / max(c, 1)',
  reference: 'Reinforced Agent Merging, arXiv 2601.13572, 2026',
  example: 'merge agents = ram(base, [math, code])',
};
