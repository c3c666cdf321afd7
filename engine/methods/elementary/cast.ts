import { dtypeOfWord } from '../../../grammar/check/dtypes.ts';
import { isComputed, roundTo, type ComputedType } from '../../formula/derived.ts';
import { wordOf, type Method, type MethodCall } from '../method.ts';
import { compat } from '../parameters.ts';

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
  build: (composer, call) => roundTo(composer.graph, typeOf(call), call.inputs[0]!),
};

function typeOf(call: MethodCall): ComputedType {
  const dtype = dtypeOfWord(wordOf(call, 'to'));
  if (dtype === undefined || !isComputed(dtype)) throw new Error('no type to round to');
  return dtype;
}
