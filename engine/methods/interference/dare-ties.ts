import type { Method } from '../method.ts';
import {
  combine,
  compat,
  compute,
  density,
  elect,
  rescale,
  scale,
  scope,
  seed,
  weight,
} from '../parameters.ts';
import { droppedVectors } from './dropped.ts';
import { rescaleMasked } from './rescale-masked.ts';
import { electAndMerge } from './sign-election.ts';

export const dareTies: Method = {
  name: 'dare_ties',
  title: 'DARE, then sign election',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    density({ default: { paper: 0.5, mergekit: 1 }, byModel: true, mayBeZero: true }),
    weight,
    scale,
    combine('sum'),
    elect,
    rescale(['inverse', 'l1', 'none'], 'l1'),
    scope,
    seed,
    compat,
    compute,
  ],
  random: true,
  summary:
    'Drops entries of each task vector at random, then merges the experts that agree with the elected sign.',
  formula:
    'τ̂_t = m_t ⊙ τ_t / d, m_t ~ Bernoulli(d) · s = sign Σ w_t τ̂_t · θ = θ₀ + λ · mean{ w_t τ̂_t : sign = s }',
  reference: 'Yu et al., Language models are Super Mario, ICML 2024',
  example: 'merge sparse = dare_ties(base, [math, code], density: 50%, seed: 7)',
  masks: droppedVectors,
  build: (composer, call) =>
    electAndMerge(composer, call, rescaleMasked(composer, call, droppedVectors(composer, call))),
};
