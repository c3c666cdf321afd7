import type { FNode } from '../../formula/node.ts';
import type { Composer } from '../../program/composer.ts';
import { arithmetic, sumOf, total, totalF32 } from '../arithmetic.ts';
import { flagOf, numbersOf, type MethodCall } from '../method.ts';

/** Σ w x, and over Σ w where the call normalises: by weights divided in f64, or by one division as mergekit has it. */
export function weightedMean(composer: Composer, call: MethodCall): FNode {
  return call.compat === 'mergekit' ? asMergekit(composer, call) : inSingle(composer, call);
}

/** Each weight, divided by the sum of all where the call normalises. */
export function meanCoefficients(call: Pick<MethodCall, 'settings' | 'perInput'>): number[] {
  const weights = numbersOf(call, 'weight');
  const divisor = flagOf(call, 'normalize') ? total(weights) : 1;
  return weights.map((weight) => weight / divisor);
}

function inSingle(composer: Composer, call: MethodCall): FNode {
  const coefficients = meanCoefficients(call);
  return sumOf(
    composer,
    call.inputs.map((x, input) => composer.graph.mul(composer.floatOf(coefficients[input]!), x)),
  );
}

function asMergekit(composer: Composer, call: MethodCall): FNode {
  const a = arithmetic(composer, call.compute);
  const weights = numbersOf(call, 'weight').map(a.number);
  const sum = a.sum(call.inputs.map((x, input) => a.times(weights[input]!, a.load(x))));
  return flagOf(call, 'normalize')
    ? a.div(sum, composer.floatOf(a.number(totalF32(weights))))
    : sum;
}
