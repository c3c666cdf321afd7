import type { LaterMethod } from '../method.ts';
import {
  compat,
  compute,
  density,
  normalize,
  rescale,
  scale,
  seed,
  weight,
  window,
} from '../parameters.ts';

export const dellaLinear: LaterMethod = {
  name: 'della_linear',
  title: 'DELLA, then task arithmetic',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    density({ default: { paper: 0.7, mergekit: 1 }, byModel: true, mayBeZero: true }),
    window,
    weight,
    scale,
    normalize(false, 'Whether the sum of task vectors is divided by the sum of the weights.'),
    rescale(['inverse', 'l1', 'none'], 'l1'),
    seed,
    compat,
    compute,
  ],
  random: true,
  later: true,
  summary:
    'Drops entries of each task vector at random, small ones more often, scales up the rest, and adds them to the base.',
  formula:
    'p_i = d − ε + 2ε · rank_i · τ̂_t = m_t ⊙ τ_t / p, m_t ~ Bernoulli(p) · θ = θ₀ + λ Σ w_t τ̂_t',
  reference: 'Deep et al., DELLA-Merging, 2024',
  example: 'merge sparse = della_linear(base, [math, code], density: 50%, epsilon: 0.1, seed: 7)',
};
