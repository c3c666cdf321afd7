import { holds, noted, type Looked, type OutputCheck } from './output-check.ts';
import { modelsText, type SeenInput, type SeenTensor } from './seen-output.ts';

export const unlikeInputs: OutputCheck = {
  title: 'unlike its inputs',
  what: [
    'Noted where every tensor of the output has the bytes that one and the same input has under its name.',
    'Then the merge gave that model back: its adapter or its experts changed nothing.',
  ].join('\n'),
  look({ tensors }): Looked {
    const [first, ...rest] = tensors.map(modelsLike);
    if (first === undefined) return holds;
    const same = [...first].filter(([model]) => rest.every((like) => like.has(model)));
    if (same.length === 0) return holds;
    const all = [first, ...rest];
    const exact = same.filter(([model]) => all.every((like) => like.get(model) === 'bytes'));
    if (exact.length > 0) return noted(`every tensor has the bytes of ${named(exact)}`);
    return noted(`every tensor has the values of ${named(same)}, as far as they were read`);
  },
};

type Like = NonNullable<SeenInput['like']>;

/** The models that are like it under its own name. */
function modelsLike(tensor: SeenTensor): ReadonlyMap<string, Like> {
  if (tensor.kind === 'copied') {
    const { model, name } = tensor.from;
    return new Map(name === tensor.name ? [[model, 'bytes']] : []);
  }
  return new Map(
    tensor.inputs.flatMap(({ model, name, like }) =>
      like === undefined || name !== tensor.name ? [] : [[model, like] as const],
    ),
  );
}

function named(models: readonly (readonly [model: string, like: Like])[]): string {
  return modelsText(models.map(([model]) => ({ model, name: '' })));
}
