/** The ends of `density` where entries are dropped by chance: nothing is kept at 0, everything at 1. */
import { describe, expect, test } from 'vitest';
import { merge } from '../kit/merge.ts';
import type { TestModel } from '../kit/model.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const base = weights(19 * 17, 1);
const models: Readonly<Record<string, TestModel>> = Object.fromEntries(
  [base, stepped(base, 2), stepped(base, 3)].map((values, index) => [
    ['base', 'x1', 'x2'][index]!,
    { w: stored(values, 'BF16', [19, 17]) },
  ]),
);

async function bytesOf(step: string, backend: 'wasm' | 'oracle'): Promise<Uint8Array> {
  const { files } = await merge(models, `merge m = ${step}\noutput m to "./out"`, { backend });
  return files.get('model.safetensors')!;
}

const rescales = ['inverse', 'l1', 'none'] as const;
const compats = ['paper', 'mergekit'] as const;
const each = compats.flatMap((compat) => rescales.map((rescale) => ({ compat, rescale })));

describe.each(['wasm', 'oracle'] as const)('%s', (backend) => {
  test.each(each)('$compat, $rescale: nothing kept is the base', async ({ compat, rescale }) => {
    const wanted = await bytesOf('base', backend);
    for (const density of ['0', '0%', '1e-40', '1e-12']) {
      const given = `density: ${density}, rescale: ${rescale}, compat: ${compat}`;
      for (const step of [
        `dare_linear(base, [x1, x2], weight: [1, 0.7], ${given})`,
        `dare_linear(base, [x1, x2], normalize: true, ${given})`,
        `dare_ties(base, [x1, x2], weight: [1, 0.7], ${given})`,
        `dare_ties(base, [x1, x2], combine: max, elect: count, ${given})`,
        `base + 0.5 * dare(x1 - base, ${given})`,
      ]) {
        expect(await bytesOf(step, backend), step).toEqual(wanted);
      }
    }
  });

  test.each(each)('$compat, $rescale: all kept is nothing dropped', async ({ compat, rescale }) => {
    const given = `density: 100%, rescale: ${rescale}, compat: ${compat}`;
    for (const [step, plain] of [
      [
        `dare_linear(base, [x1, x2], weight: [1, 0.7], ${given})`,
        `task_arithmetic(base, [x1, x2], weight: [1, 0.7], compat: ${compat})`,
      ],
      [
        `dare_ties(base, [x1, x2], weight: [1, 0.7], combine: mean, ${given})`,
        `ties(base, [x1, x2], weight: [1, 0.7], density: 100%, compat: ${compat})`,
      ],
    ] as const) {
      expect(await bytesOf(step, backend), step).toEqual(await bytesOf(plain, backend));
    }
    const delta = compat === 'paper' ? 'x1 - base' : 'cast(x1 - base, to: bf16)';
    expect(await bytesOf(`base + 0.5 * dare(x1 - base, ${given})`, backend)).toEqual(
      await bytesOf(`base + 0.5 * (${delta})`, backend),
    );
  });

  test('one expert is dropped whole, and the other stays', async () => {
    const step = 'dare_linear(base, [x1 { density: 0 }, x2 { density: 100% }], seed: 7)';
    expect(await bytesOf(step, backend)).toEqual(
      await bytesOf('task_arithmetic(base, [x2])', backend),
    );
  });
});
