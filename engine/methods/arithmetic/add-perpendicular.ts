import type { LaterMethod } from '../method.ts';
import { compat, compute, scale } from '../parameters.ts';

export const addPerpendicular: LaterMethod = {
  name: 'add_perpendicular',
  title: 'Add what is perpendicular',
  family: 'arithmetic',
  inputs: { kind: 'ends', names: ['base', 'a', 'b'] },
  gives: 'model',
  parameters: [scale, compat, compute],
  later: true,
  summary: 'Adds to the second model what the third changed at right angles to its own change.',
  formula: 'τ⊥ = τ_b − ⟨τ_a, τ_b⟩ / ‖τ_a‖² · τ_a · θ = a + λ τ⊥',
  reference: 'ljleb, sd-mecha, 2023',
  example: 'merge both = add_perpendicular(base, math, code)',
};
