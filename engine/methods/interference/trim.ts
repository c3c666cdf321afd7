import type { Method } from '../method.ts';
import { compat, compute, density, rescale } from '../parameters.ts';
import { rescaleMasked } from './rescale-masked.ts';
import { trimmedVectors } from './trimmed.ts';

export const trim: Method = {
  name: 'trim',
  title: 'Magnitude trim',
  family: 'interference',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  parameters: [
    density({ default: { paper: 0.2, mergekit: 1 }, byModel: false }),
    rescale(['none', 'l1', 'inverse'], 'none'),
    compat,
    compute,
  ],
  summary: 'Keeps the largest entries of a Delta, tensor by tensor.',
  formula: 'τ̂ = τ where |τ| ≥ the (⌊n d⌋ + 1)-th largest, else 0',
  reference: 'Yadav et al., TIES-Merging, NeurIPS 2023',
  example: 'merge lean = base + trim(math - base, density: 20%)',
  masks: trimmedVectors,
  build: (composer, call) => rescaleMasked(composer, call, trimmedVectors(composer, call))[0]!,
};
