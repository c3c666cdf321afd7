import type { LaterMethod } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const arceeFusion: LaterMethod = {
  name: 'arcee_fusion',
  title: 'Arcee Fusion',
  family: 'interference',
  inputs: { kind: 'ends', names: ['a', 'b'] },
  gives: 'model',
  parameters: [compat, compute],
  later: true,
  summary:
    'Takes the second model’s value where its change matters most: change times divergence of the rows, above median + 1.5 × interquartile range.',
  formula:
    'I = |b − a| · KL(softmax b ‖ softmax a) · θ = b where I ≥ median I + 1.5 (Q₃ − Q₁), else a',
  reference: 'Arcee AI, Arcee Fusion, 2025',
  example: 'merge fused = arcee_fusion(base, math)',
};
