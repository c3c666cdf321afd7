import { arithmeticOf, taskVectors } from '../arithmetic/task-vectors.ts';
import { numberOf, wordOf, type Method } from '../method.ts';
import { compat, compute, density, rescale, seed } from '../parameters.ts';
import { dropAtRandom, rescaled, type Rescale } from './sparsify.ts';

export const dare: Method = {
  name: 'dare',
  title: 'Drop and rescale',
  family: 'interference',
  inputs: { kind: 'one', name: 'delta', takes: 'delta' },
  gives: 'delta',
  parameters: [
    density({ default: 0.5, byModel: false }),
    rescale(['inverse', 'l1', 'none'], 'l1'),
    seed,
    compat,
    compute,
  ],
  random: true,
  summary: 'Drops entries of a Delta at random and scales up the rest.',
  formula: 'τ̂ = m ⊙ τ / d, m ~ Bernoulli(d)',
  reference: 'Yu et al., Language models are Super Mario, ICML 2024',
  example: 'merge sparse = base + dare(math - base, density: 30%, seed: 7)',
  build(composer, call) {
    const [vector] = taskVectors(composer, call);
    const share = numberOf(call, 'density');
    const { vector: kept } = dropAtRandom(composer, vector!, share, call.drawKey(0));
    return rescaled(composer, kept, wordOf(call, 'rescale') as Rescale, {
      whole: vector!,
      density: share,
      arithmetic: arithmeticOf(composer, call),
      compat: call.compat,
    });
  },
};
