import type { LaterMethod } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const karcher: LaterMethod = {
  name: 'karcher',
  title: 'Karcher mean',
  family: 'spherical',
  inputs: { kind: 'experts', base: 'none', atLeast: 2 },
  gives: 'model',
  parameters: [
    {
      name: 'tolerance',
      type: { kind: 'number', name: 'Scalar', min: 0, aboveMin: true },
      default: 1e-5,
      meaning: 'The length of a step below which the mean is found.',
    },
    {
      name: 'iterations',
      type: { kind: 'number', name: 'Count', min: 1 },
      default: 10,
      meaning: 'How many steps are taken at most.',
    },
    compat,
    compute,
  ],
  later: true,
  summary:
    'The point whose summed squared angles to all models are least, each tensor taken as one direction, times the mean length.',
  formula: 'μ = argmin Σ Ω(μ, u_m)² · θ = μ · mean ‖x_m‖',
  reference: 'Karcher, Riemannian center of mass and mollifier smoothing, CPAM 1977',
  example: 'merge centre = karcher([math, code, base])',
};
