import { arithmeticOf, taskVectors } from '../arithmetic/task-vectors.ts';
import { numberOf, wordOf, type Method } from '../method.ts';
import { compat, compute, density, rescale } from '../parameters.ts';
import { rescaled, trimByThreshold, trimExactly, type Rescale } from './sparsify.ts';

export const trim: Method = {
  name: 'trim',
  title: 'Magnitude trim',
  family: 'interference',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  parameters: [
    density({ default: { paper: 0.2, mergekit: 1 }, byModel: false }),
    rescale(['none', 'l1', 'inverse'], 'none'),
    compat,
    compute,
  ],
  summary: 'Keeps the largest entries of a Delta, tensor by tensor.',
  formula: 'τ̂ = τ where |τ| ≥ the (⌊n d⌋ + 1)-th largest, else 0',
  reference: 'Yadav et al., TIES-Merging, NeurIPS 2023',
  example: 'merge lean = base + trim(math - base, density: 20%)',
  build(composer, call) {
    const [vector] = taskVectors(composer, call);
    const share = numberOf(call, 'density');
    const options = { density: share, elements: call.elements };
    const { vector: kept } =
      call.compat === 'mergekit'
        ? trimExactly(composer, vector!, options)
        : trimByThreshold(composer, vector!, options);
    return rescaled(composer, kept, wordOf(call, 'rescale') as Rescale, {
      whole: vector!,
      density: share,
      arithmetic: arithmeticOf(composer, call),
      compat: call.compat,
    });
  },
};
