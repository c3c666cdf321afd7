import type { LaterMethod } from '../method.ts';
import { compat, compute, normalize, weight } from '../parameters.ts';

export const multislerp: LaterMethod = {
  name: 'multislerp',
  title: 'Spherical mean in one tangent step',
  family: 'spherical',
  inputs: { kind: 'experts', base: 'optional', atLeast: 2 },
  gives: 'model',
  parameters: [
    weight,
    normalize(true, 'Whether the weights are divided by their sum.'),
    {
      name: 'epsilon',
      type: { kind: 'number', name: 'Scalar', min: 0, aboveMin: true },
      default: 1e-8,
      meaning: 'The length below which a direction counts as none.',
    },
    compat,
    compute,
  ],
  later: true,
  summary:
    'The weighted mean of several directions on the sphere, found by one step in the tangent space, times the weighted mean of the lengths.',
  formula:
    'u_m = x_m/‖x_m‖ · μ = Σ w_m u_m / ‖Σ w_m u_m‖ · T = Σ w_m (u_m − ⟨u_m, μ⟩ μ) · θ = (μ cos ‖T‖ + T sin ‖T‖ / ‖T‖) Σ w_m ‖x_m‖',
  reference: 'Buss and Fillmore, Spherical averages, ACM Transactions on Graphics 2001',
  example: 'merge mean = multislerp([math, code, base], weight: [0.5, 0.3, 0.2])',
};
