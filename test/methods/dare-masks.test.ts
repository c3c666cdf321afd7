import { describe, expect, test } from 'vitest';
import type { ParameterValue } from '../../grammar/catalogue.ts';
import vectors from '../fixtures/vectors/interference.json' with { type: 'json' };
import type { UNode } from '../../engine/formula/node.ts';
import { methods } from '../../engine/methods/catalogue.ts';
import { Composer } from '../../engine/program/composer.ts';
import { computeInMemory } from '../kit/compute.ts';

/** Draws come from operands instead of the generator: a zero keeps its element, all ones drop it. */
class MaskedComposer extends Composer {
  #drawn: number;

  constructor(firstMask = 0) {
    super(elements);
    this.#drawn = firstMask;
  }

  override draw(): UNode {
    return this.graph.bits(
      this.operand({ source: `mask${this.#drawn++}`, name: 'a', dtype: 'F32' }),
    );
  }
}

const { base, task_vectors: taskVectors } = vectors.fixture;
const { dare } = vectors;
const elements = base.length;

const operands: Readonly<Record<string, Uint8Array>> = {
  base: new Uint8Array(Float32Array.from(base).buffer),
  ...Object.fromEntries(
    taskVectors.flatMap((vector, expert) => [
      [
        `x${expert}`,
        new Uint8Array(Float32Array.from(vector, (value, i) => base[i]! + value).buffer),
      ],
      [`t${expert}`, new Uint8Array(Float32Array.from(vector).buffer)],
      [
        `mask${expert}`,
        new Uint8Array(
          Uint32Array.from(dare.keep_masks[expert]!, (keep) => (keep === 1 ? 0 : 0xffffffff))
            .buffer,
        ),
      ],
    ]),
  ),
};

interface Asked {
  readonly method: string;
  readonly base: boolean;
  readonly inputs: readonly string[];
  readonly settings: Readonly<Record<string, ParameterValue>>;
  readonly perInput?: Readonly<Record<string, readonly ParameterValue[]>>;
  readonly compat?: 'paper' | 'mergekit';
  /** Whose mask the first draw is. */
  readonly firstMask?: number;
}

function compute(asked: Asked, backend: 'wasm' | 'oracle'): number[] {
  const composer = new MaskedComposer(asked.firstMask);
  const load = (source: string) => composer.operand({ source, name: 'a', dtype: 'F32' });
  const result = methods.get(asked.method)!.build(composer, {
    ...(asked.base ? { base: load('base') } : {}),
    inputs: asked.inputs.map(load),
    settings: asked.settings,
    perInput: asked.perInput ?? {},
    compat: asked.compat ?? 'paper',
    compute: 'F32',
    elements,
    drawKey: () => [0, 0],
  });
  const program = composer.program(result);
  const operand = (index: number) => operands[program.operands[index]!.source]!;
  const bytes = computeInMemory(program, { backend, dtype: 'F32', elements, operand });
  return [...new Float32Array(bytes.buffer)];
}

const experts = ['x0', 'x1', 'x2'];
const each = (value: number) => [value, value, value];
const half = { density: each(0.5), weight: each(1) };

const cases: readonly (readonly [string, Asked, readonly number[]])[] = [
  ...taskVectors.flatMap((_, expert): (readonly [string, Asked, readonly number[]])[] => {
    const asked = {
      method: 'dare',
      base: false,
      inputs: [`t${expert}`],
      firstMask: expert,
    } as const;
    return [
      [
        `rescaled, expert ${expert + 1}`,
        { ...asked, settings: { density: 0.5, rescale: 'inverse' } },
        dare.official_rescaled[expert]!,
      ],
      [
        `mergekit’s rescaling, expert ${expert + 1}`,
        { ...asked, settings: { density: 0.5, rescale: 'l1' }, compat: 'mergekit' },
        dare.mergekit_l1_rescaled[expert]!,
      ],
    ];
  }),
  [
    'with task arithmetic',
    {
      method: 'dare_linear',
      base: true,
      inputs: experts,
      settings: { scale: 1, normalize: false, rescale: 'inverse' },
      perInput: half,
    },
    dare.official_ta_lam1,
  ],
  [
    'with task arithmetic, 0.3',
    {
      method: 'dare_linear',
      base: true,
      inputs: experts,
      settings: { scale: 0.3, normalize: false, rescale: 'inverse' },
      perInput: half,
    },
    dare['fusionbench_ta_lam0.3'],
  ],
  [
    'mergekit’s dare_linear',
    {
      method: 'dare_linear',
      base: true,
      inputs: experts,
      settings: { scale: 1, normalize: false, rescale: 'l1' },
      perInput: half,
      compat: 'mergekit',
    },
    dare.mergekit_dare_linear_w111,
  ],
  [
    'mergekit’s dare_ties',
    {
      method: 'dare_ties',
      base: true,
      inputs: experts,
      settings: { scale: 1, combine: 'sum', elect: 'mass', rescale: 'l1' },
      perInput: half,
      compat: 'mergekit',
    },
    dare.mergekit_dare_ties_w111.merged,
  ],
];

describe.each(['wasm', 'oracle'] as const)('%s, DARE with the published masks', (backend) => {
  test.each(cases)('%s', (_, asked, wanted) => {
    const values = compute(asked, backend);
    values.forEach((value, index) =>
      expect(Math.abs(value - wanted[index]!), `element ${index}`).toBeLessThanOrEqual(2e-6),
    );
  });

  test('then TIES', () => {
    const composer = new MaskedComposer();
    const load = (source: string) => composer.operand({ source, name: 'a', dtype: 'F32' });
    const call = (
      settings: Readonly<Record<string, ParameterValue>>,
      perInput: Readonly<Record<string, readonly ParameterValue[]>>,
    ) => ({
      settings,
      perInput,
      compat: 'paper' as const,
      compute: 'F32' as const,
      elements,
      drawKey: () => [0, 0] as const,
    });
    const dropped = ['t0', 't1', 't2'].map((source) =>
      methods.get('dare')!.build(composer, {
        inputs: [load(source)],
        ...call({ density: 0.5, rescale: 'inverse' }, {}),
      }),
    );
    const merged = methods.get('ties')!.build(composer, {
      inputs: dropped,
      ...call({ scale: 1, combine: 'mean', elect: 'mass', rescale: 'none' }, half),
    });
    const program = composer.program(composer.graph.add(load('base'), merged));
    const bytes = computeInMemory(program, {
      backend,
      dtype: 'F32',
      elements,
      operand: (index) => operands[program.operands[index]!.source]!,
    });
    const wanted = dare.official_dare_then_ties_K50_mean_lam1.merged;
    [...new Float32Array(bytes.buffer)].forEach((value, index) =>
      expect(Math.abs(value - wanted[index]!), `element ${index}`).toBeLessThanOrEqual(2e-6),
    );
  });
});
