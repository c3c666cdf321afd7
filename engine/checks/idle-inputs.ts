import { notedEach, type Looked, type OutputCheck } from './output-check.ts';
import { computedOf, bringsChange } from './seen-output.ts';

export const idleInputs: OutputCheck = {
  title: 'inputs differ',
  what: [
    'Noted for models that have the base’s values wherever they were read, and for adapters of zeros: merging them changes nothing.',
    'Most often a copy of the base stands where a fine-tune was meant.',
  ].join('\n'),
  look(seen): Looked {
    const idle = new Map<string, { readonly has: string; isIdle: boolean }>();
    for (const { inputs, reference } of computedOf(seen)) {
      if (reference === undefined) continue;
      for (const input of inputs) {
        if (input.model === reference.model) continue;
        const has = input.isChange ? 'no change' : `the values of ${reference.model}`;
        const known = idle.get(input.model) ?? { has, isIdle: true };
        known.isIdle &&= !bringsChange(input);
        idle.set(input.model, known);
      }
    }
    return notedEach(
      [...idle].flatMap(([model, { has, isIdle }]) =>
        isIdle ? [`${model} has ${has} in every block that was read`] : [],
      ),
    );
  },
};
