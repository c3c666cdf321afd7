import type { FNode } from '../../formula/node.ts';
import type { Composer } from '../../program/composer.ts';
import { arithmetic, total, totalF32, type Arithmetic } from '../arithmetic.ts';
import { flagOf, numberOf, numbersOf, type MethodCall } from '../method.ts';

/** The arithmetic of a call: f32 by the paper, the compute type by mergekit. */
export function arithmeticOf(composer: Composer, call: MethodCall): Arithmetic {
  return arithmetic(composer, call.compat === 'mergekit' ? call.compute : 'F32');
}

/** τ_t = θ_t − θ₀; Deltas, and all inputs where there is no base, are task vectors already. */
export function taskVectors(composer: Composer, call: MethodCall): readonly FNode[] {
  const a = arithmeticOf(composer, call);
  if (call.base === undefined) return call.inputs.map(a.load);
  const base = a.load(call.base);
  return call.inputs.map((x, input) =>
    call.areChanges?.[input] === true ? a.load(x) : a.sub(a.load(x), base),
  );
}

/** θ₀ + λ Σ w_t τ_t, divided by Σ w_t where the call normalises. Without a base, the sum alone. */
export function addTaskVectors(
  composer: Composer,
  call: MethodCall,
  vectors: readonly FNode[],
): FNode {
  const a = arithmeticOf(composer, call);
  const weights = numbersOf(call, 'weight');
  const mixed = a.sum(vectors.map((vector, input) => a.times(a.number(weights[input]!), vector)));
  const divisor = flagOf(call, 'normalize') ? divisorOf(call, a, weights) : undefined;
  const normalised = divisor === undefined ? mixed : a.div(mixed, composer.floatOf(divisor));
  const scaled = a.times(numberOf(call, 'scale'), normalised);
  return call.base === undefined ? scaled : a.add(a.load(call.base), scaled);
}

const mergekitTinyDivisor = 1e-8;

function divisorOf(call: MethodCall, a: Arithmetic, weights: readonly number[]): number {
  if (call.compat === 'paper') return total(weights);
  const divisor = a.number(totalF32(weights.map(a.number)));
  return Math.abs(divisor) < mergekitTinyDivisor ? 1 : divisor;
}
