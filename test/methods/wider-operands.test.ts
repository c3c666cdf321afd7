/** Under `compat: mergekit` operands are rounded to the type of computing as they are read, whatever they are stored as. */
import { describe, expect, test } from 'vitest';
import { methods } from '../../engine/methods/catalogue.ts';
import type { Method } from '../../engine/methods/method.ts';
import { merge } from '../kit/merge.ts';
import type { TestModel } from '../kit/model.ts';
import { stored, weights } from '../kit/values.ts';
import { bf16, dot, f16, f32, type Round, type Values } from '../bytes/reference.ts';

const rounds = { bf16, f16 } as const;
const storage = { bf16: 'BF16', f16: 'F16' } as const;
const names = ['base', 'x1', 'x2'];
const values = names.map((_, seed) => [...weights(19 * 17, seed + 1)]);

function models(type: 'F32' | 'BF16' | 'F16', round: Round): Readonly<Record<string, TestModel>> {
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      { w: stored(Float32Array.from(values[index]!.map(round)), type, [19, 17]) },
    ]),
  );
}

async function resultOf(
  operands: Readonly<Record<string, TestModel>>,
  call: string,
  backend: 'wasm' | 'oracle',
): Promise<readonly number[]> {
  const recipe = `merge m = ${call}\noutput m to "./out" { dtype = f32 }`;
  return (await merge(operands, recipe, { backend })).tensors.get('w')!;
}

/** A call over whole models, with what must be given. */
function callOf({ name, inputs, parameters }: Method): string {
  const given = parameters
    .filter((parameter) => parameter.default === undefined)
    .map((parameter) => `, ${parameter.name}: 0.3`);
  switch (inputs.kind) {
    case 'ends':
      return `${name}(x1, x2${given.join('')}`;
    case 'experts':
      return `${name}(${inputs.base === 'none' ? '' : 'base, '}[x1, x2]${given.join('')}`;
    case 'one':
      return `${name}(x1${given.join('')}`;
  }
}

const rounding = [...methods.values()].filter(
  ({ inputs, parameters }) =>
    parameters.some(({ name }) => name === 'compute') &&
    !(inputs.kind === 'one' && inputs.takes === 'delta'),
);

describe.each(['wasm', 'oracle'] as const)('%s', (backend) => {
  test.each(
    rounding.flatMap((method) =>
      (['bf16', 'f16'] as const).map((type) => ({ name: method.name, type, method })),
    ),
  )('$name computes in $type what it reads wider as what was rounded', async ({ method, type }) => {
    const call = `${callOf(method)}, compat: mergekit, compute: ${type})`;
    const wide = await resultOf(models('F32', f32), call, backend);
    const rounded = await resultOf(models(storage[type], rounds[type]), call, backend);
    expect(wide).toEqual(rounded);
    expect(wide).toEqual(wide.map(rounds[type]));
  });

  test('slerp measures its angle on what was rounded', async () => {
    const [a, b] = [values[1]!, values[2]!];
    const wide = await resultOf(
      models('F32', f32),
      'slerp(x1, x2, t: 0.3, compat: mergekit, compute: bf16)',
      backend,
    );
    const law = arc(a.map(bf16), b.map(bf16), 0.3);
    expect(wide).toEqual(law);
    expect(law).not.toEqual(arc(a, b, 0.3));
  });

  test('slerp computes in f32 where one end is wider and no type is named', async () => {
    const [a, b] = [values[1]!.map(bf16), values[2]!];
    const operands = { ...models('F32', f32), x1: models('BF16', bf16).x1! };
    const call = 'slerp(x1, x2, t: 0.3, compat: mergekit)';
    expect(await resultOf(operands, call, backend)).toEqual(arcInF32(a, b, 0.3));
  });
});

/** [sin(θ − tθ) a + sin(tθ) b] / sin θ, of vectors far from parallel. */
function arcInF32(a: Values, b: Values, t: number): readonly number[] {
  const angle = Math.acos(dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))));
  const [u, v] = [angle - t * angle, t * angle].map((part) =>
    f32(Math.sin(part) / Math.sin(angle)),
  );
  return a.map((value, i) => f32(f32(u! * value) + f32(v! * b[i]!)));
}

function arc(a: Values, b: Values, t: number): readonly number[] {
  return arcInF32(a, b, t).map(bf16);
}
