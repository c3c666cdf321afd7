import type { Composer } from '../../program/composer.ts';
import { arithmeticOf, taskVectors } from '../arithmetic/task-vectors.ts';
import type { Masked, MethodCall } from '../method.ts';
import { densitiesOf } from './rescale-masked.ts';
import { dropAtRandom } from './sparsify.ts';

/** Every task vector with entries dropped at random. */
export function droppedVectors(composer: Composer, call: MethodCall): readonly Masked[] {
  // That tool's generator takes the probability in the type it computes in.
  const densities =
    call.compat === 'mergekit'
      ? densitiesOf(call).map(arithmeticOf(composer, call).number)
      : densitiesOf(call);
  return taskVectors(composer, call).map((vector, input) =>
    dropAtRandom(composer, vector, densities[input]!, call.drawKey(input)),
  );
}
