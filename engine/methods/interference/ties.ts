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
  weight,
} from '../parameters.ts';
import { rescaleMasked } from './rescale-masked.ts';
import { electAndMerge } from './sign-election.ts';
import { trimmedVectors } from './trimmed.ts';

export const ties: Method = {
  name: 'ties',
  title: 'TIES-Merging',
  family: 'interference',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    density({ default: { paper: 0.2, mergekit: 1 }, byModel: true }),
    weight,
    scale,
    combine('mean'),
    elect,
    {
      name: 'trim',
      type: {
        kind: 'choice',
        words: [{ word: 'count', meaning: 'the largest, so many as the density says' }],
      },
      default: 'count',
      byPlace: true,
      meaning: 'What decides which entries of a task vector stay.',
    },
    rescale(['none', 'l1', 'inverse'], 'none'),
    scope,
    compat,
    compute,
  ],
  summary:
    'Trims each task vector, elects a sign for each element, and merges the experts that agree with it.',
  formula: 'τ̂_t = trim(τ_t, d) · s = sign Σ w_t τ̂_t · θ = θ₀ + λ · mean{ w_t τ̂_t : sign = s }',
  reference: 'Yadav et al., TIES-Merging, NeurIPS 2023',
  example: 'merge expert = ties(base, [math, code], density: 20%)',
  masks: trimmedVectors,
  build: (composer, call) =>
    electAndMerge(composer, call, rescaleMasked(composer, call, trimmedVectors(composer, call))),
};
