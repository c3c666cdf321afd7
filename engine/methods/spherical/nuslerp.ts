import type { LaterMethod } from '../method.ts';
import { compat, compute, vectors, weight } from '../parameters.ts';

export const nuslerp: LaterMethod = {
  name: 'nuslerp',
  title: 'Spherical interpolation by weights',
  family: 'spherical',
  inputs: { kind: 'experts', base: 'optional', atLeast: 2, atMost: 2 },
  gives: 'model',
  parameters: [weight, vectors, compat, compute],
  later: true,
  summary:
    'The point between two models on the arc, as far along as their weights say; with a base, between their task vectors.',
  formula: 't = w₂ / (w₁ + w₂) · θ = θ₀ + sin((1 − t)Ω)/sin Ω · τ₁ + sin(tΩ)/sin Ω · τ₂',
  reference: 'Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985',
  example: 'merge arc = nuslerp([math, code], weight: { math: 0.6, code: 0.4 })',
};
