import {
  figureText,
  notedEach,
  tensorText,
  type Looked,
  type OutputCheck,
} from './output-check.ts';
import { computedOf, type ComputedTensor } from './seen-output.ts';

/** Subnormal values are told from this share on. */
const share = 0.1;

export const subnormals: OutputCheck = {
  title: 'in its type’s range',
  what: [
    `Noted for tensors of which more than ${100 * share} % of the values that were read are subnormal in the type they are stored in.`,
    'They have lost digits, and more of them may have become zero: a wider type keeps them.',
  ].join('\n'),
  look(seen): Looked {
    return notedEach(computedOf(seen).flatMap(tooSmall));
  },
};

function tooSmall({ name, check }: ComputedTensor): readonly string[] {
  const part = check.subnormal / check.sampled;
  return part > share ? [`${figureText(100 * part)} % of ${tensorText(name)}`] : [];
}
