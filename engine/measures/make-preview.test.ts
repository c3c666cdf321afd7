import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueOf } from '../faults/fault.ts';
import { RunCancelled } from '../run/cancelled.ts';
import { judgeExpectations } from './judge.ts';
import { preview } from './make-preview.ts';
import type { Preview, PreviewRequest, PreviewRow } from './preview.ts';
import {
  planFor,
  readModel,
  run,
  stepNamed,
  workplace,
  type ModelFolder,
  type Weights,
  type Workplace,
} from './test-checkpoints.ts';
import {
  changeOf,
  cosineOf,
  distanceOf,
  gapOf,
  plus,
  randomWeights,
  shareKept,
  signConflictOf,
  trimmedOf,
} from './test-references.ts';

const names = [
  'model.embed_tokens.weight',
  'model.layers.0.mlp.up_proj.weight',
  'model.layers.0.self_attn.q_proj.weight',
  'model.layers.1.mlp.up_proj.weight',
  'model.layers.1.self_attn.q_proj.weight',
  'model.norm.weight',
] as const;

const lengths = Object.fromEntries(
  names.map((name, i) => [name, [131, 66001, 997, 333, 1, 17][i]!]),
);

function modelsOf(
  experts: readonly string[],
  sizes: Readonly<Record<string, number>> = lengths,
): {
  readonly base: Weights;
  readonly experts: readonly Weights[];
  readonly folders: Readonly<Record<string, ModelFolder>>;
} {
  const base = randomWeights('base', sizes);
  const made = experts.map((name) => plus(base, randomWeights(name, sizes, 0.1)));
  const folders = Object.fromEntries([
    ['base', { weights: base }],
    ...experts.map((name, i) => [name, { weights: made[i]! }]),
  ]) as Readonly<Record<string, ModelFolder>>;
  return { base, experts: made, folders };
}

async function previewed(
  place: Workplace,
  step: string,
  options: Partial<PreviewRequest> = {},
): Promise<Preview> {
  const { checked, checkpoints } = place;
  return valueOf(
    await preview({
      checked,
      checkpoints,
      step: stepNamed(place, step),
      reading: { kind: 'sample' },
      backend: 'wasm',
      threads: 1,
      memory: 256 << 20,
      ...options,
    }),
  );
}

function rowAt(found: Preview, place: Partial<PreviewRow>): PreviewRow {
  return found.rows.find((row) =>
    Object.entries(place).every(([key, value]) => row[key as keyof PreviewRow] === value),
  )!;
}

describe('an exact preview', () => {
  it('has every figure by its definition, row by row', async () => {
    const { base, experts, folders } = modelsOf(['math', 'code']);
    const [math, code] = experts as [Weights, Weights];
    const place = await workplace(
      folders,
      `merge final = ties(base, [math, code], density: 30%) { at mlp { density = 10% } }
output final to "out" { dtype = bf16 }`,
    );
    await run(planFor(place), async () => []);
    const merged = readModel(join(place.folder, 'out'));
    const found = await previewed(place, 'final', { reading: { kind: 'exact' } });

    expect(found.models).toEqual([
      { name: 'math', base: 'base' },
      { name: 'code', base: 'base' },
    ]);
    expect(found.storedAs).toBe('BF16');
    expect(found.rows.map(({ kind, layer, part }) => [kind, layer, part])).toEqual([
      ['total', undefined, undefined],
      ['part', undefined, 'embeddings'],
      ['part', undefined, 'attention'],
      ['part', undefined, 'mlp'],
      ['part', undefined, 'final_norm'],
      ['layer', 0, undefined],
      ['layer', 1, undefined],
      ['cell', 0, 'attention'],
      ['cell', 0, 'mlp'],
      ['cell', 1, 'attention'],
      ['cell', 1, 'mlp'],
    ]);
    const changes = [changeOf(math, base), changeOf(code, base)];
    const masked = changes.map((change): Weights => {
      const [wide, narrow] = [trimmedOf(change, 0.3), trimmedOf(change, 0.1)];
      return Object.fromEntries(
        names.map((name) => [name, (name.includes('mlp') ? narrow : wide)[name]!]),
      );
    });
    const sets: readonly (readonly [Partial<PreviewRow>, readonly string[]])[] = [
      [{ kind: 'total' }, names],
      [{ kind: 'part', part: 'mlp' }, names.filter((name) => name.includes('mlp'))],
      [{ kind: 'layer', layer: 0 }, names.filter((name) => name.includes('layers.0'))],
      [{ kind: 'cell', layer: 1, part: 'mlp' }, ['model.layers.1.mlp.up_proj.weight']],
    ];
    for (const [at, tensors] of sets) {
      const row = rowAt(found, at);
      expect(row.tensors).toBe(tensors.length);
      experts.forEach((expert, i) => {
        const { gap, distance, kept } = row.models[i]!;
        expect(gap!.value).toBeCloseTo(gapOf({ merged, base }, expert, tensors), 6);
        expect(distance!.value).toBeCloseTo(distanceOf({ merged, base }, expert, tensors), 6);
        expect(kept!.value).toBeCloseTo(shareKept(masked[i]!, tensors), 12);
        expect(gap).toEqual({ value: gap!.value, exact: true });
      });
      expect(row.pairs[0]!.cosine!.value).toBeCloseTo(cosineOf(base, math, code, tensors), 6);
      const conflict = signConflictOf(masked, 'shared', tensors);
      expect(row.signConflict!.value).toBeCloseTo(conflict, 12);
      expect(row.pairs[0]!.signConflict!.value).toBeCloseTo(conflict, 12);
    }
  });

  it('is to the last bit what a judge finds on the stored output', async () => {
    const { folders } = modelsOf(['math', 'code']);
    const recipe = `merge final = ties(base, [math, code], density: 30%)
output final to "out" { dtype = f16 }
`;
    const unread = await workplace(folders, recipe);
    const [total] = (await previewed(unread, 'final', { reading: { kind: 'exact' } })).rows;
    const [math, code] = total!.models;
    const { cosine, signConflict } = total!.pairs[0]!;
    const place = await workplace(
      folders,
      recipe +
        [
          `expect gap(final, math) == ${math!.gap!.value}`,
          `expect gap(final, code) == ${code!.gap!.value}`,
          `expect distance(final, code) == ${code!.distance!.value}`,
          `expect kept(final, code) == ${code!.kept!.value}`,
          `expect cosine(final, code, math) == ${cosine!.value}`,
          `expect sign_conflict(final, math, code) == ${signConflict!.value}`,
        ].join('\n'),
    );
    const plan = planFor(place);
    const outcome = await run(plan, judgeExpectations({ ...place, plan }));
    expect(outcome.kind).toBe('done');
  });

  it('is the same with thresholds over the whole model and in small slices', async () => {
    const { folders } = modelsOf(['math', 'code'], { a: 700_001, b: 5 });
    const place = await workplace(
      folders,
      `merge final = ties(base, [math, code], density: 30%, scope: whole)
output final to "out"`,
    );
    const [one, two] = [
      await previewed(place, 'final', { reading: { kind: 'exact' } }),
      await previewed(place, 'final', {
        reading: { kind: 'exact' },
        memory: 16 << 20,
      }),
    ];
    expect(two.rows).toEqual(one.rows);
    expect(one.rows[0]!.models[0]!.kept!.value).toBeCloseTo(0.3, 4);
  });

  it('looks through chains, masks on Deltas, and bases that are steps', async () => {
    const { base, experts, folders } = modelsOf(['math', 'code']);
    const place = await workplace(
      folders,
      `merge lean = base + dare(math - base, density: 25%, seed: 3)
merge final = lerp(lean, code, t: 50%)
merge flat = average([math, code])`,
    );
    const final = await previewed(place, 'final');
    expect(final.models).toEqual([{ name: 'math', base: 'base' }, { name: 'code' }]);
    const [math, code] = final.rows[0]!.models;
    expect(math!.kept!.value).toBeCloseTo(0.25, 2);
    expect(math!.atThreshold!.value).toBe(0);
    expect(Object.keys(code!)).toEqual(['model', 'distance']);

    const flat = await previewed(place, 'flat');
    const merged = plus(
      Object.fromEntries(names.map((name) => [name, experts[0]![name]!.map((x) => x / 2)])),
      Object.fromEntries(names.map((name) => [name, experts[1]![name]!.map((x) => x / 2)])),
    );
    expect(flat.rows[0]!.models[0]).toEqual({
      model: 'math',
      distance: {
        value: expect.closeTo(distanceOf({ merged, base: experts[0]! }, experts[0]!), 6),
        exact: true,
      },
    });
    expect(base).toBeDefined();
    expect(flat.rows[0]!.signConflict).toBeUndefined();
  });

  it('judges what is asked of several steps, and of this one first', async () => {
    const { folders } = modelsOf(['math', 'code']);
    const place = await workplace(
      folders,
      `merge near = task_arithmetic(base, [math, code], scale: 0.5)
merge far = task_arithmetic(base, [math, code], scale: 3)
expect gap(near, math) < gap(far, math)
expect gap(near, math) - gap(far, math) > 0 & finite(near)
expect finite(far) | gap(far, math) < 0
expect gap(near, math) < 0 | -gap(near, code) < 0`,
    );
    const { expectations } = await previewed(place, 'near');
    expect(expectations.map(({ verdict }) => verdict)).toEqual(['held', 'broken', 'held']);
    expect(expectations[0]!.figures.map(({ measure }) => measure)).toEqual([
      'gap(near, math)',
      'gap(far, math)',
    ]);
  });

  it('counts a tied head once, where its embedding is counted', async () => {
    const sizes = { 'model.embed_tokens.weight': 64, 'lm_head.weight': 64, 'model.norm.weight': 3 };
    const { folders, base, experts } = modelsOf(['math'], sizes);
    const config = { tie_word_embeddings: true };
    const tied = Object.fromEntries(
      Object.entries(folders).map(([name, model]) => [name, { ...model, config }]),
    );
    const place = await workplace(tied, 'merge final = task_arithmetic(base, [math], scale: 0.5)');
    const found = await previewed(place, 'final');
    const once = ['model.embed_tokens.weight', 'model.norm.weight'];
    const change = changeOf(experts[0]!, base);
    const half = plus(
      base,
      Object.fromEntries(
        Object.entries(change).map(([name, values]) => [name, values.map((x) => x / 2)]),
      ),
    );
    expect(found.rows[0]!.models[0]!.distance!.value).toBeCloseTo(
      distanceOf({ merged: half, base }, experts[0]!, once),
      6,
    );
    expect(rowAt(found, { kind: 'part', part: 'head' }).models[0]!.gap!.value).toBeCloseTo(0.5, 5);
  });
});

describe('models that have nothing to do with one another', () => {
  const sizes = { 'model.layers.0.mlp.up_proj.weight': 40_000 };
  const experts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

  it.each([2, 8])('an average of %i is √(1 − 1/T) from each, a sum √(T − 1)', async (count) => {
    const some = experts.slice(0, count);
    const place = await workplace(
      modelsOf(some, sizes).folders,
      `merge mean = task_arithmetic(base, [${some.join(', ')}], normalize: true)
merge sum = task_arithmetic(base, [${some.join(', ')}])`,
    );
    for (const [step, expected] of [
      ['mean', Math.sqrt(1 - 1 / count)],
      ['sum', Math.sqrt(count - 1)],
    ] as const) {
      for (const { gap } of (await previewed(place, step)).rows[0]!.models)
        expect(gap!.value / expected).toBeCloseTo(1, 1);
    }
  });

  it('their cosines are 0 and half of the shared signs differ; of three or eight models most do', async () => {
    for (const [count, expected] of [
      [2, 0.5],
      [3, 0.75],
      [8, 1 - 2 / 256],
    ] as const) {
      const some = experts.slice(0, count);
      const place = await workplace(
        modelsOf(some, sizes).folders,
        `merge sum = task_arithmetic(base, [${some.join(', ')}])`,
      );
      const [total] = (await previewed(place, 'sum')).rows;
      expect(total!.signConflict!.value).toBeCloseTo(expected, 2);
      for (const { cosine, signConflict } of total!.pairs) {
        expect(Math.abs(cosine!.value)).toBeLessThan(4 / Math.sqrt(40_000));
        expect(signConflict!.value).toBeCloseTo(0.5, 1);
      }
    }
  });
});

describe('a sampled preview', () => {
  /** Cheap noise, for tensors of many blocks. */
  const noise = (seed: number, length: number, size: number): Float32Array => {
    let state = seed;
    return Float32Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (size * state) / 2147483648;
    });
  };
  const sizes = {
    'model.layers.0.mlp.up_proj.weight': 655_361,
    'model.layers.1.mlp.up_proj.weight': 900_001,
    'model.norm.weight': 9,
  };
  const weightsOf = (seed: number, size: number): Weights =>
    Object.fromEntries(
      Object.entries(sizes).map(([name, length], i) => [name, noise(seed + i, length, size)]),
    );
  const base = weightsOf(11, 1);
  const folders: Readonly<Record<string, ModelFolder>> = {
    base: { weights: base },
    math: { weights: plus(base, weightsOf(101, 0.1)) },
    code: { weights: plus(base, weightsOf(1001, 0.2)) },
  };

  it.each(['tensor', 'whole'])(
    'lies within its errors of the exact one, scope %s',
    async (scope) => {
      const place = await workplace(
        folders,
        `merge final = ties(base, [math, code], density: 30%, scope: ${scope})
expect gap(final, math) < 1000%
expect gap(final, math) < 1%
expect finite(final)`,
      );
      const exact = await previewed(place, 'final', { reading: { kind: 'exact' } });
      const sampled = await previewed(place, 'final', { reading: { kind: 'sample', blocks: 12 } });
      expect(exact.read).toEqual({ exact: true, blocks: 26, ofBlocks: 26 });
      expect(sampled.read).toEqual({ exact: false, blocks: 12, ofBlocks: 26 });
      const [total, truth] = [sampled.rows[0]!, exact.rows[0]!];
      for (const [i, { gap, distance, kept }] of total.models.entries()) {
        for (const [found, right] of [
          [gap, truth.models[i]!.gap],
          [distance, truth.models[i]!.distance],
          [kept, truth.models[i]!.kept],
        ] as const) {
          expect(found!.exact).toBe(false);
          expect(found!.standardError).toBeGreaterThan(0);
          expect(Math.abs(found!.value - right!.value)).toBeLessThan(
            5 * found!.standardError! + 1e-3,
          );
        }
      }
      const norm = rowAt(sampled, { kind: 'part', part: 'final_norm' });
      expect(norm.models[0]!.size).toEqual(
        rowAt(exact, { kind: 'part', part: 'final_norm' }).models[0]!.size,
      );
      expect(norm.models[0]!.gap!.exact).toBe(scope === 'tensor');
      expect(sampled.expectations.map(({ verdict }) => verdict)).toEqual([
        'held',
        'broken',
        'undecided',
      ]);
      expect(exact.expectations.map(({ verdict }) => verdict)).toEqual(['held', 'broken', 'held']);
      const again = await previewed(place, 'final', {
        reading: { kind: 'sample', blocks: 12 },
        threads: 2,
      });
      expect(again.rows).toEqual(sampled.rows);
    },
  );

  it('cannot tell a figure from what lies within two errors of it', async () => {
    const recipe = 'merge final = dare_linear(base, [math, code], density: 30%, seed: 5)\n';
    const place = await workplace(folders, recipe);
    const options = { reading: { kind: 'sample', blocks: 12 } } as const;
    const { value, standardError } = (await previewed(place, 'final', options)).rows[0]!.models[0]!
      .gap!;
    const bound = (errors: number): string => (value + errors * standardError!).toFixed(9);
    const asked = await workplace(
      folders,
      [
        recipe,
        `expect gap(final, math) < ${bound(1)}`,
        `expect gap(final, math) > ${bound(1)}`,
        `expect gap(final, math) < ${bound(3)}`,
        `expect gap(final, math) > ${bound(3)}`,
        `expect gap(final, math) < ${bound(1)} | gap(final, math) < ${bound(3)}`,
      ].join('\n'),
    );
    const found = await previewed(asked, 'final', options);
    expect(found.expectations.map(({ verdict }) => verdict)).toEqual([
      'undecided',
      'undecided',
      'held',
      'broken',
      'held',
    ]);
  });

  it('stops when it is told to', async () => {
    const place = await workplace(folders, 'merge final = ties(base, [math, code])');
    const stop = new AbortController();
    stop.abort();
    await expect(previewed(place, 'final', { signal: stop.signal })).rejects.toBeInstanceOf(
      RunCancelled,
    );
  });
});
