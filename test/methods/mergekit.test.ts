import { describe, expect, test } from 'vitest';
import golden from '../fixtures/vectors/mergekit.json' with { type: 'json' };
import { merge } from '../kit/merge.ts';
import { tensor, type TestModel } from '../kit/model.ts';

const backends = ['wasm', 'oracle', 'gpu'] as const;
type Case = (typeof golden.cases)[number];
type Settings = Readonly<Record<string, number | boolean | undefined>>;

/** A case as a recipe would say it. */
function statement({ method, models, parameters, model_parameters: own }: Case): string {
  const given = parameters as Settings;
  const experts = models.filter((name) => name !== 'base' || method === 'slerp');
  const perModel = (name: string): string => {
    const values = experts.map(
      (expert) => (own as Readonly<Record<string, Settings | undefined>>)[expert]?.[name],
    );
    return values.every((value) => value === undefined) ? '' : `, ${name}: [${values.join(', ')}]`;
  };
  const list = `[${experts.join(', ')}]`;
  const normalize = given.normalize === undefined ? '' : `, normalize: ${given.normalize}`;
  const combine = given.normalize === false ? ', combine: sum' : '';
  const rescale = given.rescale === true ? ', rescale: l1' : '';
  const scale = given.lambda === undefined ? '' : `, scale: ${given.lambda}`;
  switch (method) {
    case 'linear':
      return `linear(${list}${perModel('weight')}${normalize}, compat: mergekit)`;
    case 'task_arithmetic':
      return `task_arithmetic(base, ${list}${perModel('weight')}${normalize}${scale}, compat: mergekit)`;
    case 'dare_linear':
      return `dare_linear(base, ${list}${perModel('weight')}${perModel('density')}${scale}, compat: mergekit)`;
    case 'ties':
      return `ties(base, ${list}${perModel('weight')}${perModel('density')}${combine}${rescale}${scale}, compat: mergekit)`;
    case 'slerp':
      return `slerp(base, A, t: ${given.t}, compat: mergekit)`;
    case 'passthrough':
      return `scale(A, by: ${(own as Readonly<Record<string, Settings>>).A!.scale}, compat: mergekit)`;
    default:
      throw new Error(`${method} has no recipe here`);
  }
}

const types = { float32: 'F32', bfloat16: 'BF16' } as const;

describe.each(backends)('%s computes as mergekit does', (backend) => {
  test.each(golden.cases.map((one) => [`${one.case}, ${one.input_dtype}`, one] as const))(
    '%s',
    async (_, one) => {
      const dtype = types[one.input_dtype as keyof typeof types];
      const models: Record<string, TestModel> = Object.fromEntries(
        Object.entries(golden.tensors).map(([name, rows]) => [
          name,
          { 'w.weight': tensor(rows.flat(), dtype, [2, 3]) },
        ]),
      );
      const { tensors } = await merge(models, `merge m = ${statement(one)}\noutput m to "./out"`, {
        backend,
      });
      const values = tensors.get('w.weight')!;
      if (dtype === 'BF16') expect(values).toEqual(one.output);
      else
        values.forEach((value, index) =>
          expect(Math.abs(value - one.output[index]!)).toBeLessThanOrEqual(2e-6),
        );
    },
  );
});
