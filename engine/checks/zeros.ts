import { notedEach, tensorText, type Looked, type OutputCheck } from './output-check.ts';
import { computedOf, type ComputedTensor } from './seen-output.ts';

export const zeros: OutputCheck = {
  title: 'no zero tensor',
  what: 'Noted for tensors that hold nothing but zeros, though an input does not. All values are looked at.',
  look(seen): Looked {
    return notedEach(computedOf(seen).flatMap(becameZero));
  },
};

function becameZero({ name, check, inputs }: ComputedTensor): readonly string[] {
  const hadValues = inputs.some(({ square }) => square !== 0);
  return check.isZero && hadValues ? [tensorText(name)] : [];
}
