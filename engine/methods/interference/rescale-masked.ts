import type { FNode } from '../../formula/node.ts';
import type { Composer } from '../../program/composer.ts';
import { arithmeticOf, taskVectors } from '../arithmetic/task-vectors.ts';
import { numberOf, numbersOf, wordOf, type Masked, type MethodCall } from '../method.ts';
import { rescaled, type Rescale } from './sparsify.ts';

/** The density of each input, whether the method has one for all or one for each. */
export function densitiesOf(call: MethodCall): readonly number[] {
  return 'density' in call.perInput ? numbersOf(call, 'density') : [numberOf(call, 'density')];
}

/** What was kept of each task vector, scaled up for what was not. */
export function rescaleMasked(
  composer: Composer,
  call: MethodCall,
  masked: readonly Masked[],
): readonly FNode[] {
  const whole = taskVectors(composer, call);
  const densities = densitiesOf(call);
  return masked.map(({ vector }, input) =>
    rescaled(composer, vector, wordOf(call, 'rescale') as Rescale, {
      whole: whole[input]!,
      density: densities[input]!,
      arithmetic: arithmeticOf(composer, call),
      compat: call.compat,
    }),
  );
}
