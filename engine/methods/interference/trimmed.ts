import type { Composer } from '../../program/composer.ts';
import { taskVectors } from '../arithmetic/task-vectors.ts';
import type { Masked, MethodCall } from '../method.ts';
import { densitiesOf } from './rescale-masked.ts';
import { trimByThreshold, trimExactly } from './sparsify.ts';

/** Every task vector with its smallest entries trimmed. */
export function trimmedVectors(composer: Composer, call: MethodCall): readonly Masked[] {
  const densities = densitiesOf(call);
  const trim = call.compat === 'mergekit' ? trimExactly : trimByThreshold;
  return taskVectors(composer, call).map((vector, input) =>
    trim(composer, vector, {
      density: densities[input]!,
      elements: call.elements,
      ...(call.group === undefined ? {} : { group: `${call.group} threshold ${input}` }),
    }),
  );
}
