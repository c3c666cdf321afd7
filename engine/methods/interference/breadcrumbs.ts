import type { LaterMethod } from '../method.ts';
import {
  compat,
  compute,
  density,
  gamma,
  normalize,
  rescale,
  scale,
  weight,
} from '../parameters.ts';

export const breadcrumbs: LaterMethod = {
  name: 'breadcrumbs',
  title: 'Model Breadcrumbs',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    // The authors’ code has no default: its search for settings begins at 15 % kept with 0.6 % dropped as outliers, and stays
    // within 5 to 20 % and 0.1 to 1 %. It counts along a tensor’s last axis.
    density({ default: { paper: 0.14, mergekit: 1 }, byModel: true }),
    gamma,
    weight,
    scale,
    normalize(false, 'Whether the sum of task vectors is divided by the sum of the weights.'),
    rescale(['none', 'l1', 'inverse'], 'none'),
    compat,
    compute,
  ],
  later: true,
  summary:
    'Drops the smallest and the very largest entries of each task vector, and adds the rest.',
  formula:
    'τ̂_t = τ_t without its γ n largest and its (1 − d − γ) n smallest · θ = θ₀ + λ Σ w_t τ̂_t',
  reference: 'Davari and Belilovsky, Model Breadcrumbs, ECCV 2024',
  example: 'merge crumbs = breadcrumbs(base, [math, code], density: 90%, gamma: 1%)',
};
