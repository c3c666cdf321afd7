import { notedEach, tensorText, type Looked, type OutputCheck } from './output-check.ts';
import { computedOf, bringsChange, modelsText, type ComputedTensor } from './seen-output.ts';

export const lostChanges: OutputCheck = {
  title: 'changes arrived',
  what: [
    'Noted for tensors that were computed and are those of the base, though others of their inputs differ from it.',
    'A weight of 0 does that, and a change that is too small for the output’s type; else a tensor was left out.',
  ].join('\n'),
  look(seen): Looked {
    return notedEach(computedOf(seen).flatMap(lost));
  },
};

function lost({ name, inputs, reference, isChanged }: ComputedTensor): readonly string[] {
  if (reference === undefined || isChanged) return [];
  const others = inputs.filter((input) => input !== reference && bringsChange(input));
  if (others.length === 0) return [];
  const differ = new Set(others.map(({ model }) => model)).size > 1 ? 'differ' : 'differs';
  return [
    `${tensorText(name)} is that of ${reference.model}, though ${modelsText(others)} ${differ}`,
  ];
}
