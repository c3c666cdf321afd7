import type { Method } from '../method.ts';
import { compat, compute, normalize, weight } from '../parameters.ts';
import { meanCoefficients, weightedMean } from './weighted-mean.ts';

export const linear: Method = {
  name: 'linear',
  title: 'Weighted average',
  family: 'averaging',
  inputs: { kind: 'experts', base: 'none', atLeast: 1 },
  gives: 'experts',
  isLinear: true,
  parameters: [
    weight,
    normalize(true, 'Whether the sum is divided by the sum of the weights.'),
    compat,
    compute,
  ],
  summary: 'The weighted mean of the models.',
  formula: 'θ = Σ w_t θ_t / Σ w_t',
  reference: 'Wortsman et al., Model soups, ICML 2022',
  example: 'merge blend = linear([math, code], weight: { math: 0.7, code: 0.3 })',
  build: weightedMean,
  coefficients: meanCoefficients,
};
