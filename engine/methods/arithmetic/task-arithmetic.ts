import type { Method } from '../method.ts';
import { compat, compute, normalize, scale, weight } from '../parameters.ts';
import { addTaskVectors, taskVectors } from './task-vectors.ts';

export const taskArithmetic: Method = {
  name: 'task_arithmetic',
  title: 'Task arithmetic',
  family: 'arithmetic',
  inputs: { kind: 'experts', base: 'optional', atLeast: 1 },
  gives: 'experts',
  parameters: [
    weight,
    scale,
    normalize(false, 'Whether the sum of task vectors is divided by the sum of the weights.'),
    compat,
    compute,
  ],
  summary: 'Adds the weighted task vectors to the base.',
  formula: 'θ = θ₀ + λ Σ w_t τ_t',
  reference: 'Ilharco et al., Editing models with task arithmetic, ICLR 2023',
  example: 'merge sum = task_arithmetic(base, [math, code], scale: 0.4)',
  build: (composer, call) => addTaskVectors(composer, call, taskVectors(composer, call)),
};
