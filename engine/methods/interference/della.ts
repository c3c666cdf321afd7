import type { LaterMethod } from '../method.ts';
import {
  combine,
  compat,
  compute,
  density,
  elect,
  rescale,
  scale,
  seed,
  weight,
  window,
} from '../parameters.ts';

export const della: LaterMethod = {
  name: 'della',
  title: 'DELLA, with sign election',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    density({ default: { paper: 0.7, mergekit: 1 }, byModel: true, mayBeZero: true }),
    window,
    weight,
    scale,
    combine('mean'),
    elect,
    rescale(['inverse', 'l1', 'none'], 'l1'),
    seed,
    compat,
    compute,
  ],
  random: true,
  later: true,
  summary:
    'Drops entries of each task vector at random, small ones more often, then merges the experts that agree with the elected sign.',
  formula:
    'p_i = d − ε + 2ε · rank_i · τ̂_t = m_t ⊙ τ_t / p, m_t ~ Bernoulli(p) · s = sign Σ w_t τ̂_t · θ = θ₀ + λ · mean{ w_t τ̂_t : sign = s }',
  reference: 'Deep et al., DELLA-Merging, 2024',
  example: 'merge sparse = della(base, [math, code], density: 50%, epsilon: 0.1, seed: 7)',
};
