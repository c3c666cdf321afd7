import type { Method } from '../method.ts';
import { compat, compute, density, rescale, seed } from '../parameters.ts';
import { droppedVectors } from './dropped.ts';
import { rescaleMasked } from './rescale-masked.ts';

export const dare: Method = {
  name: 'dare',
  title: 'Drop and rescale',
  family: 'interference',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  parameters: [
    density({ default: 0.5, byModel: false, mayBeZero: true }),
    rescale(['inverse', 'l1', 'none'], 'l1'),
    seed,
    compat,
    compute,
  ],
  random: true,
  summary: 'Drops entries of a Delta at random and scales up the rest.',
  formula: 'τ̂ = m ⊙ τ / d, m ~ Bernoulli(d)',
  reference: 'Yu et al., Language models are Super Mario, ICML 2024',
  example: 'merge sparse = base + dare(math - base, density: 30%, seed: 7)',
  masks: droppedVectors,
  build: (composer, call) => rescaleMasked(composer, call, droppedVectors(composer, call))[0]!,
};
