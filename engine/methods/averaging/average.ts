import type { Method } from '../method.ts';
import { compat, compute } from '../parameters.ts';
import { weightedMean } from './weighted-mean.ts';

export const average: Method = {
  name: 'average',
  title: 'Uniform average',
  family: 'averaging',
  inputs: { kind: 'experts', base: 'none', atLeast: 1 },
  gives: 'experts',
  isLinear: true,
  parameters: [compat, compute],
  summary: 'The mean of the models, element by element: a uniform soup.',
  formula: 'θ = (1/T) Σ θ_t',
  reference: 'Wortsman et al., Model soups, ICML 2022',
  example: 'merge soup = average([math, code])',
  build: (composer, call) =>
    weightedMean(composer, {
      ...call,
      perInput: { weight: call.inputs.map(() => 1) },
      settings: { normalize: true },
    }),
  coefficients: ({ inputs }) => Array.from({ length: inputs }, () => 1 / inputs),
};
