/** A Delta in the list of a method that has a base is the change itself: the base is not subtracted from it. */
import { expect, test } from 'vitest';
import { methods } from '../../engine/methods/catalogue.ts';
import { merge } from '../kit/merge.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const base = weights(19 * 17, 1);
const models = {
  base: { w: stored(base, 'BF16', [19, 17]) },
  x1: { w: stored(stepped(base, 2), 'BF16', [19, 17]) },
  x2: { w: stored(stepped(base, 3), 'BF16', [19, 17]) },
};

const onBase = [...methods.values()].filter(
  ({ inputs }) => inputs.kind === 'experts' && inputs.base !== 'none',
);

test('there are such methods', () => {
  expect(onBase.map(({ name }) => name)).toContain('ties');
});

test.each(
  onBase.flatMap(({ name, parameters }) => {
    const given = parameters
      .filter((parameter) => parameter.default === undefined)
      .map((parameter) => `, ${parameter.name}: 0.3`);
    return [{ name, given: given.join('') }];
  }),
)('$name', async ({ name, given }) => {
  const resultOf = async (experts: string): Promise<readonly number[]> => {
    const recipe = `merge m = ${name}(base, [${experts}]${given})\noutput m to "./out" { dtype = f32 }`;
    return (await merge(models, recipe)).tensors.get('w')!;
  };
  const expected = await resultOf('x1, x2');
  expect(await resultOf('x1 - base, x2 - base')).toEqual(expected);
  expect(await resultOf('x1, x2 - base')).toEqual(expected);
});
