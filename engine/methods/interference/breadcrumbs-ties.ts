import type { LaterMethod } from '../method.ts';
import {
  combine,
  compat,
  compute,
  density,
  elect,
  gamma,
  rescale,
  scale,
  weight,
} from '../parameters.ts';

export const breadcrumbsTies: LaterMethod = {
  name: 'breadcrumbs_ties',
  title: 'Breadcrumbs, then sign election',
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
    combine('sum'),
    elect,
    rescale(['none', 'l1', 'inverse'], 'none'),
    compat,
    compute,
  ],
  later: true,
  summary:
    'Drops the smallest and the very largest entries of each task vector, then merges the experts that agree with the elected sign.',
  formula:
    'τ̂_t = τ_t without its γ n largest and its (1 − d − γ) n smallest · s = sign Σ w_t τ̂_t · θ = θ₀ + λ · mean{ w_t τ̂_t : sign = s }',
  reference: 'Davari and Belilovsky, Model Breadcrumbs, ECCV 2024',
  example: 'merge crumbs = breadcrumbs_ties(base, [math, code], density: 90%, gamma: 1%)',
};
