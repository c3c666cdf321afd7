import type { FNode } from '../../formula/node.ts';
import type { Composer } from '../../program/composer.ts';
import { arithmeticOf, taskVectors } from '../arithmetic/task-vectors.ts';
import { numbersOf, wordOf, type MethodCall } from '../method.ts';
import { dropAtRandom, rescaled, type Rescale } from './sparsify.ts';

/** Every task vector with entries dropped at random, and the rest scaled up. */
export function droppedVectors(composer: Composer, call: MethodCall): readonly FNode[] {
  const densities = numbersOf(call, 'density');
  return taskVectors(composer, call).map((vector, input) => {
    const share = densities[input]!;
    const { vector: kept } = dropAtRandom(composer, vector, share, call.drawKey(input));
    return rescaled(composer, kept, wordOf(call, 'rescale') as Rescale, {
      whole: vector,
      density: share,
      arithmetic: arithmeticOf(composer, call),
      compat: call.compat,
    });
  });
}
