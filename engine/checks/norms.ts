import {
  figureText,
  notedEach,
  tensorText,
  type Looked,
  type OutputCheck,
} from './output-check.ts';
import { computedOf, type ComputedTensor } from './seen-output.ts';

/** A norm beyond these multiples of the largest and the smallest of the inputs' is told. */
const aboveLargest = 2;
const belowSmallest = 0.5;

export const norms: OutputCheck = {
  title: 'norms',
  what: [
    `Noted for tensors whose norm is more than ${aboveLargest} times the largest of their inputs’, or less than ${belowSmallest} of the smallest.`,
    'Large weights do the one; models that have no common ancestor and are averaged do the other.',
    'Norms are those of the blocks that were read, of the output and of the inputs alike.',
  ].join('\n'),
  look(seen): Looked {
    return notedEach(computedOf(seen).flatMap(unusual));
  },
};

function unusual({ name, check, inputs }: ComputedTensor): readonly string[] {
  const models = inputs.filter(({ isChange }) => !isChange);
  const squares = models.map(({ square }) => square ?? Number.NaN);
  const own = Math.sqrt(check.square ?? Number.NaN);
  const largest = Math.sqrt(Math.max(...squares));
  const smallest = Math.sqrt(Math.min(...squares));
  if (own > aboveLargest * largest && largest > 0)
    return [`${tensorText(name)} has ${figureText(own / largest)} times the largest norm`];
  // A tensor of zeros is told by a check of its own.
  if (own < belowSmallest * smallest && own > 0)
    return [`${tensorText(name)} has ${figureText(own / smallest)} of the smallest norm`];
  return [];
}
