import type { Method } from '../method.ts';
import { numberOf } from '../method.ts';
import { arithmetic } from '../arithmetic.ts';
import { compat, compute, t } from '../parameters.ts';

export const lerp: Method = {
  name: 'lerp',
  title: 'Linear interpolation',
  family: 'averaging',
  inputs: { kind: 'ends', names: ['a', 'b'] },
  gives: 'experts',
  isLinear: true,
  parameters: [t, compat, compute],
  summary: 'The point between two models, on the straight line.',
  formula: 'θ = (1 − t) a + t b',
  reference: 'Frankle et al., Linear mode connectivity, ICML 2020',
  example: 'merge middle = lerp(math, code, t: 0.5)',
  build(composer, call) {
    const a = arithmetic(composer, call.compat === 'mergekit' ? call.compute : 'F32');
    const share = numberOf(call, 't');
    const [first, second] = call.inputs.map(a.load);
    return a.sum([a.times(1 - share, first!), a.times(share, second!)]);
  },
  coefficients(settings) {
    const share = numberOf(settings, 't');
    return [1 - share, share];
  },
};
