/** The measures an expectation may compare, by name: how many models they take, and which of them run now. */

export interface Measure {
  readonly name: string;
  /** Models behind the step. */
  readonly models: readonly [atLeast: number, atMost: number];
  /** Whether it speaks of changes from a base. */
  readonly needsBase: boolean;
  /** Between what it lies, where it has ends. */
  readonly range?: readonly [least: number, most: number];
  readonly later?: boolean;
  /** Options with words to choose from; `at` and `base` every measure has. */
  readonly options?: Readonly<Record<string, readonly string[]>>;
}

const many = Infinity;
const stage = ['raw', 'kept'] as const;

const runNow: readonly Measure[] = [
  { name: 'gap', models: [1, 1], needsBase: true, range: [0, many] },
  { name: 'distance', models: [1, 1], needsBase: true, range: [0, many] },
  { name: 'cosine', models: [2, 2], needsBase: true, range: [-1, 1] },
  {
    name: 'sign_conflict',
    range: [0, 1],
    models: [2, many],
    needsBase: true,
    options: { of: ['shared', 'nonzero', 'all'], stage },
  },
  { name: 'kept', models: [1, 1], needsBase: true, range: [0, 1] },
  { name: 'finite', models: [0, 0], needsBase: false },
];

const runLater = (
  [
    ['share', 1, 1],
    ['survival', 1, 1],
    ['foreign', 1, 1],
    ['likeness', 1, 1],
    ['trimmed', 1, 1],
    ['written_over', 1, 1],
    ['outvoted', 1, 1],
    ['averaged', 1, 1],
    ['scaled', 1, 1],
    ['row_conflict', 2, 2],
    ['sign_agreement', 0, many],
    ['lost_mass', 0, many],
    ['overlap', 2, 2],
    ['wins', 1, 1],
    ['subspace_overlap', 2, 3],
    ['catastrophic', 0, many],
    ['selfish', 0, many],
    ['universal', 0, many],
    ['size', 1, 1],
    ['imbalance', 0, many],
    ['unchanged', 1, 1],
    ['kept_norm', 1, 1],
    ['threshold', 1, 1],
    ['rescale', 1, 1],
    ['effective_rank', 1, 1],
    ['stable_rank', 1, 1],
    ['norm_ratio', 0, many],
    ['origin', 0, many],
  ] as const
).map(([name, atLeast, atMost]): Measure => ({
  name,
  models: [atLeast, atMost],
  needsBase: true,
  later: true,
  options: { of: ['shared', 'nonzero', 'all'], stage },
}));

export const measures: ReadonlyMap<string, Measure> = new Map(
  [...runNow, ...runLater].map((measure) => [measure.name, measure]),
);
