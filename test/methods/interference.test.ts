import { describe, expect, test } from 'vitest';
import vectors from '../fixtures/vectors/interference.json' with { type: 'json' };
import { merge } from '../kit/merge.ts';
import { tensor, type TestModel } from '../kit/model.ts';

const backends = ['wasm', 'oracle', 'gpu'] as const;
const tolerance = 2e-6;

const { base, task_vectors: taskVectors } = vectors.fixture;

/** The flat fixture, whole or split over three tensors, so that a scope over all differs from one over each. */
function models(
  experts: readonly (readonly number[])[],
  start: readonly number[],
  split: boolean,
): Record<string, TestModel> {
  const cut = (values: readonly number[]): TestModel =>
    split
      ? { a: tensor(values.slice(0, 3)), b: tensor(values.slice(3, 4)), c: tensor(values.slice(4)) }
      : { a: tensor(values) };
  const named = experts.map(
    (vector, index) => [`x${index + 1}`, cut(vector.map((value, i) => start[i]! + value))] as const,
  );
  return { base: cut(start), ...Object.fromEntries(named) };
}

async function flat(
  experts: Record<string, TestModel>,
  statement: string,
  backend: (typeof backends)[number],
): Promise<number[]> {
  const { tensors } = await merge(experts, `merge m = ${statement}\noutput m to "./out"`, {
    backend,
  });
  return [...tensors.values()].flat();
}

function close(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, index) =>
    expect(Math.abs(value - wanted[index]!), `element ${index}`).toBeLessThanOrEqual(tolerance),
  );
}

const { ties, averaging } = vectors;
const whole = models(taskVectors, base, true);
const one = models(taskVectors, base, false);
const list = '[x1, x2, x3]';

const cases: readonly (readonly [string, Record<string, TestModel>, string, readonly number[]])[] =
  [
    [
      'TIES, 50 %, mean',
      whole,
      `ties(base, ${list}, density: 50%, scope: whole)`,
      ties.official_K50_mean_lam1.merged,
    ],
    [
      'TIES, 20 %, mean',
      whole,
      `ties(base, ${list}, density: 20%, scope: whole)`,
      ties.official_K20_mean_lam1.merged,
    ],
    [
      'TIES, 50 %, sum',
      whole,
      `ties(base, ${list}, density: 50%, scope: whole, combine: sum, scale: 0.3)`,
      ties['fusionbench_K50_sum_lam0.3'].merged,
    ],
    [
      'TIES, 50 %, max',
      whole,
      `ties(base, ${list}, density: 50%, scope: whole, combine: max)`,
      ties.official_K50_max_lam1.merged,
    ],
    [
      'TIES of one tensor, 50 %, mean',
      one,
      `ties(base, ${list}, density: 50%)`,
      ties.official_K50_mean_lam1.merged,
    ],
    [
      'TIES as mergekit',
      one,
      `ties(base, ${list}, density: 50%, compat: mergekit)`,
      ties['mergekit_density0.5_w111_normalize'].merged,
    ],
    [
      'TIES as mergekit, weighted',
      one,
      `ties(base, ${list}, density: 50%, weight: [1, 0.5, 2], compat: mergekit)`,
      ties['mergekit_density0.5_w1_0.5_2_normalize'].merged,
    ],
    ['average', one, `average(${list})`, averaging.uniform_average],
    [
      'task arithmetic, 0.4',
      one,
      `task_arithmetic(base, ${list}, scale: 0.4)`,
      averaging['task_arithmetic_lam0.4'],
    ],
    [
      'task arithmetic, 0.3',
      one,
      `task_arithmetic(base, ${list}, scale: 0.3)`,
      averaging['task_arithmetic_lam0.3'],
    ],
    [
      'task arithmetic, a weight each',
      one,
      `task_arithmetic(base, ${list}, weight: [0.5, 0.2, 1])`,
      averaging['per_task_lambdas_0.5_0.2_1'],
    ],
    ['negation', one, 'base - 0.5 * (x1 - base)', averaging['negation_task1_lam0.5']],
    ['analogy', one, 'x3 + (x2 - x1)', averaging.analogy_C_plus_B_minus_A],
    [
      'linear',
      one,
      `linear(${list}, weight: [1, 0.5, 2])`,
      averaging['mergekit_linear_w_1_0.5_2_normalized'],
    ],
  ];

describe.each(backends)('%s gives the published figures', (backend) => {
  test.each(cases)('%s', async (_, experts, statement, wanted) => {
    close(await flat(experts, statement, backend), wanted);
  });

  test('TIES where sums are zero: the majority of the whole decides', async () => {
    const edge = ties.edge_zero_sum;
    const zeros = [0, 0, 0, 0];
    const experts = models(edge.task_vectors, zeros, false);
    close(await flat(experts, `ties(base, ${list}, density: 100%)`, backend), edge.official_mean);
    close(
      await flat(experts, `ties(base, ${list}, density: 100%, compat: mergekit)`, backend),
      edge.mergekit_mean,
    );
  });
});
