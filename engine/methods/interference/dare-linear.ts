import { addTaskVectors } from '../arithmetic/task-vectors.ts';
import type { Method } from '../method.ts';
import {
  compat,
  compute,
  density,
  normalize,
  rescale,
  scale,
  seed,
  weight,
} from '../parameters.ts';
import { droppedVectors } from './dropped.ts';
import { rescaleMasked } from './rescale-masked.ts';

export const dareLinear: Method = {
  name: 'dare_linear',
  title: 'DARE, then task arithmetic',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    density({ default: { paper: 0.5, mergekit: 1 }, byModel: true, mayBeZero: true }),
    weight,
    scale,
    normalize(false, 'Whether the sum of task vectors is divided by the sum of the weights.'),
    rescale(['inverse', 'l1', 'none'], 'l1'),
    seed,
    compat,
    compute,
  ],
  random: true,
  summary:
    'Drops entries of each task vector at random, scales up the rest, and adds them to the base.',
  formula: 'τ̂_t = m_t ⊙ τ_t / d, m_t ~ Bernoulli(d) · θ = θ₀ + λ Σ w_t τ̂_t',
  reference: 'Yu et al., Language models are Super Mario, ICML 2024',
  example: 'merge sparse = dare_linear(base, [math, code], density: 50%, seed: 7)',
  masks: droppedVectors,
  build: (composer, call) =>
    addTaskVectors(composer, call, rescaleMasked(composer, call, droppedVectors(composer, call))),
};
