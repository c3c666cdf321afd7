import type { LaterMethod } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const nearswap: LaterMethod = {
  name: 'nearswap',
  title: 'Swap where near',
  family: 'averaging',
  inputs: { kind: 'ends', names: ['a', 'b'] },
  gives: 'model',
  parameters: [
    {
      name: 't',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      byPlace: true,
      meaning:
        'How far an element may move: one that is nearer to the second model takes its value.',
    },
    compat,
    compute,
  ],
  later: true,
  summary: 'Moves each element of the first model towards the second by at most t.',
  formula: 'ω = clamp(t / |a − b|, 0, 1) · θ = (1 − ω) a + ω b',
  reference: 'Alchemonaut, QuartetAnemoi-70B, model card, 2024',
  example: 'merge near = nearswap(math, code, t: 0.0008)',
};
