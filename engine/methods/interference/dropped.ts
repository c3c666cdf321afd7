import type { Composer } from '../../program/composer.ts';
import { taskVectors } from '../arithmetic/task-vectors.ts';
import type { Masked, MethodCall } from '../method.ts';
import { densitiesOf } from './rescale-masked.ts';
import { dropAtRandom } from './sparsify.ts';

/** Every task vector with entries dropped at random. */
export function droppedVectors(composer: Composer, call: MethodCall): readonly Masked[] {
  const densities = densitiesOf(call);
  return taskVectors(composer, call).map((vector, input) =>
    dropAtRandom(composer, vector, densities[input]!, call.drawKey(input)),
  );
}
