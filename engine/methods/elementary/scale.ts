import { arithmeticOf } from '../arithmetic/task-vectors.ts';
import { numberOf, type Method } from '../method.ts';
import { compat, compute } from '../parameters.ts';

export const scale: Method = {
  name: 'scale',
  title: 'Scale',
  family: 'elementary',
  inputs: { kind: 'one', name: 'x', takes: 'any' },
  gives: 'share',
  isLinear: true,
  parameters: [
    {
      name: 'by',
      type: { kind: 'number', name: 'Scalar' },
      default: 1,
      byPlace: true,
      meaning: 'The factor on every element.',
    },
    compat,
    compute,
  ],
  summary: 'Every element times a number; a Model stays a Model.',
  formula: 'θ = k x',
  reference: 'residual scaling of stacked layers',
  example: 'merge half = scale(math, by: 0.5)',
  build(composer, call) {
    const a = arithmeticOf(composer, call);
    return a.times(numberOf(call, 'by'), a.load(call.inputs[0]!));
  },
  coefficients: (settings) => [numberOf(settings, 'by')],
};
