import { roundTo, type ComputedType } from '../../formula/derived.ts';
import { wordOf, type Method } from '../method.ts';
import { compat } from '../parameters.ts';

const types: Readonly<Record<string, ComputedType>> = { f32: 'F32', bf16: 'BF16', f16: 'F16' };

export const cast: Method = {
  name: 'cast',
  title: 'Round to a type',
  family: 'elementary',
  inputs: { kind: 'one', name: 'x', takes: 'any' },
  gives: 'share',
  parameters: [
    { name: 'to', type: { kind: 'dtype' }, meaning: 'The type every value is rounded to.' },
    compat,
  ],
  summary: 'Rounds every value to a storage type, to nearest even.',
  formula: 'θ = round(x)',
  reference: 'IEEE 754, roundTiesToEven',
  example: 'merge stored = cast(math, to: bf16)',
  build: (composer, call) => roundTo(composer.graph, types[wordOf(call, 'to')]!, call.inputs[0]!),
};
