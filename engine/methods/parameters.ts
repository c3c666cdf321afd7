/** Parameters that many methods share, under the field's names. */
import type { Parameter } from '../../grammar/catalogue.ts';

export const compat: Parameter = {
  name: 'compat',
  type: {
    kind: 'choice',
    words: [
      {
        word: 'paper',
        meaning: 'the paper’s own code: its ties, zeros, majorities and k-th values, in f32',
      },
      { word: 'mergekit', meaning: 'that tool’s defaults, its conventions and its rounding' },
    ],
  },
  default: 'paper',
  meaning: 'Whose conventions hold where papers and tools disagree.',
};

export const compute: Parameter = {
  name: 'compute',
  type: {
    kind: 'choice',
    words: [
      {
        word: 'storage',
        meaning: 'the storage type of the base, else the type all inputs promote to',
      },
      { word: 'f32', meaning: 'single precision' },
      { word: 'bf16', meaning: 'every operation rounds to bf16' },
      { word: 'f16', meaning: 'every operation rounds to f16' },
    ],
  },
  default: 'storage',
  meaning: 'The type that `compat: mergekit` computes in; without it arithmetic is f32.',
};

export const seed: Parameter = {
  name: 'seed',
  type: { kind: 'number', name: 'Seed', min: 0, max: 9007199254740991 },
  default: 0,
  meaning: 'Fixes the random draws; the same seed gives the same bytes everywhere.',
};

export const weight: Parameter = {
  name: 'weight',
  type: { kind: 'number', name: 'Scalar' },
  default: 1,
  byModel: true,
  byPlace: true,
  meaning: 'How much of each expert goes in; negative weights push away from it.',
};

export const scale: Parameter = {
  name: 'scale',
  type: { kind: 'number', name: 'Scalar' },
  default: 1,
  byPlace: true,
  meaning: 'λ, the factor on what is added to the base.',
};

export const t: Parameter = {
  name: 't',
  type: { kind: 'number', name: 'Scalar' },
  byPlace: true,
  meaning: 'Where between the two models: 0 gives the first, 1 the second.',
};

/** The share of a delta that is kept. */
export function density(options: {
  readonly default: Parameter['default'];
  readonly byModel: boolean;
  /** Whether it may be 0, where all is dropped by chance: a quantile needs something to keep. */
  readonly mayBeZero?: boolean;
}): Parameter {
  const aboveMin = options.mayBeZero !== true;
  return {
    name: 'density',
    type: { kind: 'number', name: 'Ratio', min: 0, max: 1, ...(aboveMin ? { aboveMin } : {}) },
    ...(options.default === undefined ? {} : { default: options.default }),
    ...(options.byModel ? { byModel: true } : {}),
    byPlace: true,
    meaning: 'The share of each task vector that is kept.',
  };
}

export function normalize(defaultValue: boolean, meaning: string): Parameter {
  return {
    name: 'normalize',
    type: { kind: 'boolean' },
    default: defaultValue,
    byPlace: true,
    meaning,
  };
}

const rescaleMeanings = {
  none: 'what is kept stays as it is',
  l1: 'by ‖τ‖₁ / ‖τ̂‖₁, measured on the tensor',
  inverse: 'by 1 / density',
} as const;

/** The words in the order of their method: the first is its default, but for `compat: mergekit`. */
export function rescale(
  words: readonly (keyof typeof rescaleMeanings)[],
  mergekit: keyof typeof rescaleMeanings,
): Parameter {
  return {
    name: 'rescale',
    type: {
      kind: 'choice',
      words: words.map((word) => ({ word, meaning: rescaleMeanings[word] })),
    },
    default: { paper: words[0]!, mergekit },
    byPlace: true,
    meaning: 'How what is kept is scaled up for what was dropped.',
  };
}

export const combine = (mergekit: 'mean' | 'sum'): Parameter => ({
  name: 'combine',
  type: {
    kind: 'choice',
    words: [
      { word: 'mean', meaning: 'Σ δ / Σ w over the agreeing' },
      { word: 'sum', meaning: 'Σ δ over the agreeing; made for a scale near 0.3' },
      { word: 'max', meaning: 'the largest |δ| of the agreeing' },
    ],
  },
  default: { paper: 'mean', mergekit },
  byPlace: true,
  meaning: 'What becomes of the experts that agree with the elected sign.',
});

export const elect: Parameter = {
  name: 'elect',
  type: {
    kind: 'choice',
    words: [
      { word: 'mass', meaning: 'the sign of Σ δ' },
      { word: 'count', meaning: 'the sign that more experts have' },
    ],
  },
  default: 'mass',
  byPlace: true,
  meaning: 'How the sign of each element is elected.',
};

export const scope: Parameter = {
  name: 'scope',
  type: {
    kind: 'choice',
    words: [
      { word: 'tensor', meaning: 'thresholds and majorities of each tensor' },
      { word: 'whole', meaning: 'of the whole model at once, as in the paper' },
    ],
  },
  default: 'tensor',
  meaning: 'Over what thresholds and majorities run.',
};

/** The share of the largest entries that count as outliers; the paper cuts at the 99.3rd percentile. */
export const gamma: Parameter = {
  name: 'gamma',
  type: { kind: 'number', name: 'Ratio', min: 0, max: 1 },
  default: { paper: 0.007, mergekit: 0.01 },
  byModel: true,
  byPlace: true,
  meaning: 'The share of each task vector, its largest entries, that is dropped as outliers.',
};

/** How far keep probabilities spread around the density: half of the authors’ window. */
export const window: Parameter = {
  name: 'epsilon',
  type: { kind: 'number', name: 'Ratio', min: 0, max: 0.5 },
  default: { paper: 0.07, mergekit: 0.15 },
  byModel: true,
  byPlace: true,
  meaning:
    'How far the probability of being kept spreads around the density, from the smallest entry to the largest.',
};

/** What two vectors an angle is between. */
export const vectors: Parameter = {
  name: 'vectors',
  type: {
    kind: 'choice',
    words: [
      { word: 'tensor', meaning: 'the whole tensor is one vector' },
      { word: 'rows', meaning: 'each row, along the last axis' },
      { word: 'columns', meaning: 'each column, along the first axis' },
    ],
  },
  default: 'tensor',
  byPlace: true,
  meaning: 'What is taken as one vector when the angle is measured.',
};

/** Below it nothing was changed. */
export const changeThreshold: Parameter = {
  name: 'epsilon',
  type: { kind: 'number', name: 'Scalar', min: 0 },
  default: 1e-5,
  byPlace: true,
  meaning: 'An expert has changed an element if it moved it by more than this.',
};
