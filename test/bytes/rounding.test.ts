/** Four experts in bf16, every method, bit for bit against laws written a second time: one table, so it is long. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOutput, testFolder, writeRecipe } from '../kit/merge.ts';
import type { TestModel } from '../kit/model.ts';
import { runAll } from '../kit/outputs.ts';
import { stepped, stored, weights } from '../kit/values.ts';
import {
  bf16,
  dot,
  dropped,
  each,
  elected,
  electedAsMergekit,
  f16,
  f32,
  l1,
  sum,
  taskVectors,
  trimmed,
  trimmedExactly,
  type Consensus,
  type Round,
  type Tensors,
  type Values,
} from './reference.ts';

const shapes: Readonly<Record<string, readonly number[]>> = { v: [5], w: [19, 17] };

const tensors: readonly Tensors[] = Object.entries(shapes).map(([name, shape], seed) => {
  const base = weights(
    shape.reduce((a, b) => a * b),
    11 + seed,
  );
  const experts = [1, 2, 3, 4].map((step) => [...stepped(base, 100 * seed + step)].map(bf16));
  return { name, base: [...base].map(bf16), experts };
});

/** What a step's result is, tensor by tensor, before it is stored. */
type Law = (all: readonly Tensors[]) => readonly Values[];

const tensorwise =
  (law: (one: Tensors) => Values): Law =>
  (all) =>
    all.map(law);
const elementwise = (law: (b: number, x: Values) => number): Law =>
  tensorwise(({ base, experts }) =>
    each(base.length, (i) =>
      law(
        base[i]!,
        experts.map((expert) => expert[i]!),
      ),
    ),
  );

/** w x summed over the experts. */
const weighted = (w: Values, x: Values): number =>
  sum(x.map((value, t) => f32(f32(w[t]!) * value)));

function added(one: Tensors, vectors: readonly Values[], w: Values, scale: number): number[] {
  return each(one.base.length, (i) =>
    f32(
      one.base[i]! +
        f32(
          f32(scale) *
            weighted(
              w,
              vectors.map((vector) => vector[i]!),
            ),
        ),
    ),
  );
}

function addedAsMergekit(
  { base }: Tensors,
  vectors: readonly Values[],
  {
    w,
    scale,
    normalize = false,
    round = bf16,
  }: {
    readonly w: Values;
    readonly scale: number;
    readonly normalize?: boolean;
    readonly round?: Round;
  },
): number[] {
  const own = w.map(round);
  const share = sum(own, round);
  return each(base.length, (i) => {
    const mixed = sum(
      vectors.map((vector, t) => round(own[t]! * vector[i]!)),
      round,
    );
    const divided = normalize ? round(mixed / (Math.abs(share) < 1e-8 ? 1 : share)) : mixed;
    return round(round(base[i]!) + round(f32(scale) * divided));
  });
}

function arc(a: Values, b: Values, t: number): number[] {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  const cosine = ab / (Math.sqrt(aa) * Math.sqrt(bb));
  const angle = Math.acos(cosine);
  const isFlat = aa === 0 || bb === 0 || Math.abs(cosine) > 1 - 1e-9;
  const u = f32(isFlat ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle));
  const v = f32(isFlat ? t : Math.sin(t * angle) / Math.sin(angle));
  return each(a.length, (i) => f32(f32(u * a[i]!) + f32(v * b[i]!)));
}

function arcAsMergekit(a: Values, b: Values, t: number): number[] {
  const norm = (x: Values): number => (Math.sqrt(dot(x, x)) > 1e-8 ? Math.sqrt(dot(x, x)) : 1);
  const cosine = dot(a, b) / (norm(a) * norm(b));
  const angle = Math.acos(cosine);
  const isFlat = Math.abs(cosine) > 0.9995;
  const u = f32(isFlat ? 1 - t : Math.sin(angle - t * angle) / Math.sin(angle));
  const v = f32(isFlat ? t : Math.sin(t * angle) / Math.sin(angle));
  return each(a.length, (i) => bf16(f32(f32(u * a[i]!) + f32(v * b[i]!))));
}

const rescaledInverse = (vector: Values, density: number): Values =>
  vector.map((value) => f32(value * f32(1 / density)));

const rescaledL1 = (whole: Values, kept: Values): Values => {
  const factor = f32(l1(kept) > 0 ? l1(whole) / l1(kept) : 1);
  return kept.map((value) => f32(value * factor));
};

/** Sums in f64, then f32, then bf16; the ratio too. */
const rescaledAsMergekit = (whole: Values, kept: Values): Values => {
  const [total, rest] = [bf16(f32(l1(whole))), bf16(f32(l1(kept)))];
  const factor = total < 1e-7 || rest < 1e-7 ? 1 : bf16(total / rest);
  return kept.map((value) => bf16(value * factor));
};

interface TiesLaw extends Partial<Consensus> {
  readonly density: number;
  readonly rescale?: 'l1' | 'inverse';
  readonly whole?: boolean;
}

const consensus = { weights: [1, 1, 1, 1], scale: 1, combine: 'mean', elect: 'mass' } as const;

function tiesLaw({ density, rescale, whole = false, ...given }: TiesLaw): Law {
  return (all) => {
    const vectors = all.map((one) => taskVectors(one));
    const cut = (expert: number): readonly Values[] => {
      const parts = vectors.map((of) => of[expert]!);
      return whole ? trimmed(parts, density) : parts.flatMap((part) => trimmed([part], density));
    };
    const masked = [0, 1, 2, 3].map(cut);
    const parts = all.map(({ base }, part) => ({
      base,
      vectors: masked.map((of, expert) => {
        const kept = of[part]!;
        if (rescale === 'inverse') return rescaledInverse(kept, density);
        return rescale === 'l1' ? rescaledL1(vectors[part]![expert]!, kept) : kept;
      }),
    }));
    const laws = { ...consensus, ...given };
    return whole ? elected(parts, laws) : parts.flatMap((part) => elected([part], laws));
  };
}

const tiesAsMergekit = (
  density: number,
  given: Partial<Consensus>,
  { rescale = false, round = bf16 }: { readonly rescale?: boolean; readonly round?: Round } = {},
): Law =>
  tensorwise((one) => {
    const vectors = taskVectors(one, round);
    const kept = vectors.map((vector) => {
      const cut = trimmedExactly(vector, density);
      return rescale ? rescaledAsMergekit(vector, cut) : cut;
    });
    return electedAsMergekit(one.base, kept, { ...consensus, ...given }, round);
  });

/** τ of each expert with entries dropped, as the statement's first random call draws. */
function droppedVectors(one: Tensors, density: Values, seed: number, round: Round): Values[] {
  return taskVectors(one, round).map((vector, t) =>
    dropped(vector, density[t]!, { seed, slot: `1.${t + 1}`, tensor: one.name }),
  );
}

const w = [1, 0.7, -0.3, 0.45];
const list = '[x1, x2, x3, x4]';
const w4 = `weight: [${w.join(', ')}]`;
const total = w.reduce((a, b) => a + b);
const halves = [0.5, 0.25, 0.75, 1];

const paper: readonly (readonly [string, Law])[] = [
  [`average(${list})`, elementwise((_, x) => weighted([0.25, 0.25, 0.25, 0.25], x))],
  [`average([x1, x2, x3])`, elementwise((_, x) => weighted([1 / 3, 1 / 3, 1 / 3], x.slice(0, 3)))],
  [
    `linear(${list}, ${w4})`,
    elementwise((_, x) =>
      weighted(
        w.map((one) => one / total),
        x,
      ),
    ),
  ],
  [`linear(${list}, ${w4}, normalize: false)`, elementwise((_, x) => weighted(w, x))],
  [`lerp(x1, x2, t: 0.3)`, elementwise((_, x) => weighted([1 - 0.3, 0.3], x.slice(0, 2)))],
  [`slerp(x1, x2, t: 0.3)`, tensorwise(({ experts: [a, b] }) => arc(a!, b!, 0.3))],
  [`slerp(base, base, t: 0.3)`, tensorwise(({ base }) => arc(base, base, 0.3))],
  [
    `task_arithmetic(base, ${list}, ${w4}, scale: 0.8)`,
    tensorwise((one) => added(one, taskVectors(one), w, 0.8)),
  ],
  [
    `task_arithmetic(base, ${list}, ${w4}, scale: 0.8, normalize: true)`,
    elementwise((b, x) => {
      const mixed = weighted(
        w,
        x.map((value) => f32(value - b)),
      );
      return f32(b + f32(f32(0.8) * f32(mixed / f32(total))));
    }),
  ],
  [`ties(base, ${list})`, tiesLaw({ density: 0.2 })],
  [`ties(base, ${list}, density: 100%)`, tiesLaw({ density: 1 })],
  [
    `ties(base, ${list}, density: 40%, ${w4}, scale: 1.2)`,
    tiesLaw({ density: 0.4, weights: w, scale: 1.2 }),
  ],
  [
    // Agreeing weights may add up to nothing, and the base then stays.
    `ties(base, ${list}, density: 60%, weight: [1, -1, 0.5, -0.5])`,
    tiesLaw({ density: 0.6, weights: [1, -1, 0.5, -0.5] }),
  ],
  [
    `ties(base, ${list}, density: 40%, combine: sum, elect: count, scale: 0.3)`,
    tiesLaw({ density: 0.4, combine: 'sum', elect: 'count', scale: 0.3 }),
  ],
  [
    `ties(base, ${list}, density: 40%, combine: max, ${w4})`,
    tiesLaw({ density: 0.4, combine: 'max', weights: w }),
  ],
  [`ties(base, ${list}, density: 30%, scope: whole)`, tiesLaw({ density: 0.3, whole: true })],
  [
    `ties(base, ${list}, density: 30%, rescale: inverse)`,
    tiesLaw({ density: 0.3, rescale: 'inverse' }),
  ],
  [`ties(base, ${list}, density: 30%, rescale: l1)`, tiesLaw({ density: 0.3, rescale: 'l1' })],
  [
    `dare_linear(base, ${list}, density: [${halves.join(', ')}], ${w4}, seed: 7)`,
    tensorwise((one) =>
      added(
        one,
        droppedVectors(one, halves, 7, f32).map((vector, t) => rescaledInverse(vector, halves[t]!)),
        w,
        1,
      ),
    ),
  ],
  [
    `dare_ties(base, ${list}, density: 30%, ${w4}, seed: 7)`,
    (all) =>
      all.flatMap((one) => {
        const vectors = droppedVectors(one, [0.3, 0.3, 0.3, 0.3], 7, f32).map((vector) =>
          rescaledInverse(vector, 0.3),
        );
        return elected([{ base: one.base, vectors }], { ...consensus, weights: w });
      }),
  ],
  [
    `base + 0.5 * trim(x1 - base, density: 30%) - dare(x2 - base, density: 50%, seed: 9)`,
    tensorwise((one) => {
      const [first, second] = taskVectors(one);
      const cut = trimmed([first!], 0.3)[0]!;
      const draws = { seed: 9, slot: '1.1', tensor: one.name };
      const kept = rescaledInverse(dropped(second!, 0.5, draws), 0.5);
      return each(one.base.length, (i) => f32(f32(one.base[i]! + f32(0.5 * cut[i]!)) - kept[i]!));
    }),
  ],
  [`x1 / 3 + 2 * x2 / 3`, elementwise((_, [a, b]) => f32(f32(a! / 3) + f32(f32(2 * b!) / 3)))],
  [`-x1 / 4 + 1.25 * x2`, elementwise((_, [a, b]) => f32(-a! * 0.25 + f32(1.25 * b!)))],
  [`scale(x1, by: 0.3)`, elementwise((_, [a]) => f32(f32(0.3) * a!))],
  [
    `cast(0.3 * x1 + 0.7 * x2, to: f16)`,
    elementwise((_, x) => f16(weighted([0.3, 0.7], x.slice(0, 2)))),
  ],
];

const mergekit: readonly (readonly [string, Law])[] = [
  [
    `linear(${list}, ${w4}, compat: mergekit)`,
    elementwise((_, x) => {
      const own = w.map(bf16);
      const products = x.map((value, t) => bf16(own[t]! * value));
      return bf16(sum(products, bf16) / sum(own, bf16));
    }),
  ],
  [
    `linear(${list}, ${w4}, normalize: false, compat: mergekit)`,
    elementwise((_, x) =>
      sum(
        x.map((value, t) => bf16(bf16(w[t]!) * value)),
        bf16,
      ),
    ),
  ],
  [
    `slerp(x1, x2, t: 0.3, compat: mergekit)`,
    tensorwise(({ experts: [a, b] }) => arcAsMergekit(a!, b!, 0.3)),
  ],
  [
    `task_arithmetic(base, ${list}, ${w4}, scale: 0.8, compat: mergekit)`,
    tensorwise((one) => addedAsMergekit(one, taskVectors(one, bf16), { w, scale: 0.8 })),
  ],
  [
    `task_arithmetic(base, ${list}, ${w4}, normalize: true, compat: mergekit, compute: f16)`,
    tensorwise((one) =>
      addedAsMergekit(one, taskVectors(one, f16), { w, scale: 1, normalize: true, round: f16 }),
    ),
  ],
  [`ties(base, ${list}, compat: mergekit)`, tiesAsMergekit(1, {})],
  [
    `ties(base, ${list}, density: 40%, ${w4}, scale: 1.2, compat: mergekit)`,
    tiesAsMergekit(0.4, { weights: w, scale: 1.2 }),
  ],
  [
    `ties(base, ${list}, density: 60%, weight: [1, -1, 0.5, -0.5], compat: mergekit)`,
    tiesAsMergekit(0.6, { weights: [1, -1, 0.5, -0.5] }),
  ],
  [
    `ties(base, ${list}, density: 40%, ${w4}, combine: sum, rescale: l1, compat: mergekit)`,
    tiesAsMergekit(0.4, { weights: w, combine: 'sum' }, { rescale: true }),
  ],
  [
    `ties(base, ${list}, density: 40%, ${w4}, compat: mergekit, compute: f32)`,
    tiesAsMergekit(0.4, { weights: w }, { round: f32 }),
  ],
  [
    `dare_linear(base, ${list}, density: [${halves.join(', ')}], ${w4}, seed: 7, compat: mergekit)`,
    tensorwise((one) => {
      const whole = taskVectors(one, bf16);
      const vectors = droppedVectors(one, halves, 7, bf16).map((vector, t) =>
        halves[t] === 1 ? vector : rescaledAsMergekit(whole[t]!, vector),
      );
      return addedAsMergekit(one, vectors, { w, scale: 1 });
    }),
  ],
  [
    `dare_ties(base, ${list}, density: 50%, ${w4}, seed: 7, compat: mergekit)`,
    tensorwise((one) => {
      const whole = taskVectors(one, bf16);
      const vectors = droppedVectors(one, [0.5, 0.5, 0.5, 0.5], 7, bf16).map((vector, t) =>
        rescaledAsMergekit(whole[t]!, vector),
      );
      return electedAsMergekit(
        one.base,
        vectors,
        { ...consensus, weights: w, combine: 'sum' },
        bf16,
      );
    }),
  ],
  [`scale(x1, by: 0.3, compat: mergekit)`, elementwise((_, [a]) => bf16(f32(0.3) * a!))],
];

function models(): Readonly<Record<string, TestModel>> {
  const model = (values: (one: Tensors) => Values): TestModel =>
    Object.fromEntries(
      tensors.map((one) => [
        one.name,
        stored(Float32Array.from(values(one)), 'BF16', shapes[one.name]!),
      ]),
    );
  const experts = [0, 1, 2, 3].map((t) => [`x${t + 1}`, model((one) => one.experts[t]!)] as const);
  return { base: model(({ base }) => base), ...Object.fromEntries(experts) };
}

const bits = (values: Values): readonly number[] => [
  ...new Uint32Array(Float32Array.from(values).buffer),
];

async function proveLaw(statement: string, law: Law, backend: 'wasm' | 'oracle'): Promise<void> {
  using folder = testFolder();
  const path = writeRecipe(
    folder.path,
    models(),
    `merge m = ${statement}
     output m to "./out/f32" { dtype = f32 }
     output m to "./out/bf16"
     output m to "./out/f16" { dtype = f16 }`,
  );
  await runAll(path, { backend });
  const wanted = law(tensors);
  for (const [name, round] of Object.entries({ f32, bf16, f16 })) {
    const output = await readOutput(join(folder.path, 'out', name));
    tensors.forEach((tensor, index) => {
      const values = output.tensors.get(tensor.name)!;
      expect(bits(values), `${tensor.name} as ${name}`).toEqual(bits(wanted[index]!.map(round)));
    });
  }
}

describe.each(['wasm', 'oracle'] as const)('%s, by the papers', (backend) => {
  test.each(paper)('%s', (statement, law) => proveLaw(statement, law, backend));
});

describe.each(['wasm', 'oracle'] as const)('%s, as mergekit', (backend) => {
  test.each(mergekit)('%s', (statement, law) => proveLaw(statement, law, backend));
});
