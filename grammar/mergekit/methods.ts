/** mergekit's methods and their counterparts in the catalogue, which import, export and the editor read: long, since it is one table. */

export interface ForeignParameter {
  readonly name: string;
  /** The parameter of our method; absent: it changes no value, and is not carried over. */
  readonly ours?: string;
  /** One value for each model; else one for the method. */
  readonly byModel: boolean;
  readonly isRequired: boolean;
  /** A number, a flag, or a flag that our method says in words. */
  readonly as: 'number' | 'flag' | { readonly whenTrue: string; readonly whenFalse: string };
  readonly meaning: string;
}

export interface ForeignMethod {
  readonly name: string;
  /** The method of the catalogue; `stack` for passthrough, which is no method there. */
  readonly ours: string;
  /** Whether its inputs are two ends, a list of experts, or layers as they are. */
  readonly form: 'ends' | 'experts' | 'layers';
  /**
   * `required`: task vectors are taken from it, or it is the first end. `optional`: the same where there is one.
   * `ordinary`: it is one model among the others. `none`: it only gives configuration and tokenizer.
   */
  readonly base: 'required' | 'optional' | 'ordinary' | 'none';
  /** How many models, the base not counted unless it is an ordinary one. */
  readonly atLeast: number;
  readonly atMost?: number;
  readonly isRandom?: boolean;
  /** What it stores is f32 unless `out_dtype` says otherwise. */
  readonly storesF32?: boolean;
  readonly parameters: readonly ForeignParameter[];
}

type Details = Partial<Omit<ForeignParameter, 'name' | 'ours' | 'meaning'>>;

const parameter = (
  name: string,
  ours: string | undefined,
  meaning: string,
  details: Details = {},
): ForeignParameter => ({
  name,
  ...(ours === undefined ? {} : { ours }),
  byModel: false,
  isRequired: false,
  as: 'number',
  meaning,
  ...details,
});

const byModel: Details = { byModel: true };
const flag: Details = { as: 'flag' };

const weight = parameter('weight', 'weight', 'How much of each model goes in.', {
  byModel: true,
  isRequired: true,
});
const density = parameter(
  'density',
  'density',
  'The share of each task vector that is kept; 1 unless set.',
  byModel,
);
const lambda = parameter('lambda', 'scale', 'A factor on what is added to the base; 1 unless set.');
const maskType = parameter(
  'int8_mask',
  undefined,
  'The type in which signs are compared; the result is the same.',
  flag,
);
const sumOrMean = (meaning: string): ForeignParameter =>
  parameter('normalize', 'combine', meaning, { as: { whenTrue: 'mean', whenFalse: 'sum' } });
const divided = parameter(
  'normalize',
  'normalize',
  'Whether the sum of task vectors is divided by the sum of the weights; false unless set.',
  flag,
);
const rescaled = (byDefault: string): ForeignParameter =>
  parameter(
    'rescale',
    'rescale',
    `Whether what is kept is scaled up to the sum of magnitudes before; ${byDefault} unless set.`,
    {
      as: { whenTrue: 'l1', whenFalse: 'none' },
    },
  );
const t = parameter('t', 't', 'Where between the two models: 0 is the base, 1 the other.', {
  isRequired: true,
});
const gamma = parameter(
  'gamma',
  'gamma',
  'The share of the largest entries that is dropped as outliers; 0.01 unless set.',
  byModel,
);
const window = parameter(
  'epsilon',
  'epsilon',
  'How far keep probabilities spread around the density; 0.15 unless set.',
  byModel,
);
const meanOfAgreeing = 'Whether agreeing experts are averaged instead of added up';

const fromBase = { form: 'experts', base: 'required', atLeast: 1 } as const;

const all: readonly ForeignMethod[] = [
  {
    name: 'linear',
    ours: 'linear',
    form: 'experts',
    base: 'ordinary',
    atLeast: 1,
    parameters: [
      weight,
      parameter(
        'normalize',
        'normalize',
        'Whether weights are divided by their sum; true unless set.',
        flag,
      ),
    ],
  },
  {
    name: 'slerp',
    ours: 'slerp',
    form: 'ends',
    base: 'required',
    atLeast: 1,
    atMost: 1,
    parameters: [t],
  },
  {
    name: 'nuslerp',
    ours: 'nuslerp',
    form: 'experts',
    base: 'optional',
    atLeast: 2,
    atMost: 2,
    parameters: [
      weight,
      parameter(
        'nuslerp_flatten',
        'vectors',
        'Whether a tensor is one vector; true unless set.',
        flag,
      ),
      parameter(
        'nuslerp_row_wise',
        'vectors',
        'Whether vectors run along the first axis instead of the last, where a tensor is not one vector; false unless set.',
        flag,
      ),
    ],
  },
  {
    name: 'multislerp',
    ours: 'multislerp',
    form: 'experts',
    base: 'optional',
    atLeast: 2,
    parameters: [
      weight,
      parameter(
        'normalize_weights',
        'normalize',
        'Whether weights are divided by their sum; true unless set.',
        flag,
      ),
      parameter(
        'eps',
        'epsilon',
        'The length below which a direction counts as none; 1e-8 unless set.',
      ),
    ],
  },
  {
    name: 'karcher',
    ours: 'karcher',
    form: 'experts',
    base: 'ordinary',
    atLeast: 2,
    parameters: [
      parameter('tol', 'tolerance', 'The length of a step that ends the search; 1e-5 unless set.'),
      parameter('max_iter', 'iterations', 'How many steps at most; 10 unless set.'),
    ],
  },
  {
    name: 'passthrough',
    ours: 'stack',
    form: 'layers',
    base: 'none',
    atLeast: 1,
    atMost: 1,
    parameters: [parameter('scale', 'by', 'A factor on every element; none unless set.', byModel)],
  },
  {
    name: 'model_stock',
    ours: 'model_stock',
    form: 'experts',
    base: 'required',
    atLeast: 2,
    parameters: [
      parameter(
        'filter_wise',
        'filter_wise',
        'Whether angles are measured row by row; false unless set.',
        flag,
      ),
    ],
  },
  {
    name: 'arcee_fusion',
    ours: 'arcee_fusion',
    form: 'ends',
    base: 'required',
    atLeast: 1,
    atMost: 1,
    storesF32: true,
    parameters: [],
  },
  {
    name: 'nearswap',
    ours: 'nearswap',
    form: 'ends',
    base: 'required',
    atLeast: 1,
    atMost: 1,
    parameters: [
      parameter('t', 't', 'How far each element may move towards the other model.', {
        isRequired: true,
      }),
    ],
  },
  {
    name: 'task_arithmetic',
    ours: 'task_arithmetic',
    ...fromBase,
    parameters: [weight, lambda, divided, maskType],
  },
  {
    name: 'ties',
    ours: 'ties',
    ...fromBase,
    parameters: [
      density,
      weight,
      lambda,
      sumOrMean(`${meanOfAgreeing}; true unless set.`),
      rescaled('false'),
      maskType,
    ],
  },
  {
    name: 'dare_linear',
    ours: 'dare_linear',
    ...fromBase,
    isRandom: true,
    parameters: [density, weight, lambda, divided, rescaled('true'), maskType],
  },
  {
    name: 'dare_ties',
    ours: 'dare_ties',
    ...fromBase,
    isRandom: true,
    parameters: [
      density,
      weight,
      lambda,
      sumOrMean(`${meanOfAgreeing}; false unless set.`),
      rescaled('true'),
      maskType,
    ],
  },
  {
    name: 'breadcrumbs',
    ours: 'breadcrumbs',
    ...fromBase,
    parameters: [density, gamma, weight, lambda, divided, rescaled('false'), maskType],
  },
  {
    name: 'breadcrumbs_ties',
    ours: 'breadcrumbs_ties',
    ...fromBase,
    parameters: [
      density,
      gamma,
      weight,
      lambda,
      sumOrMean(`${meanOfAgreeing}; false unless set.`),
      rescaled('false'),
      maskType,
    ],
  },
  {
    name: 'della',
    ours: 'della',
    ...fromBase,
    isRandom: true,
    parameters: [
      density,
      window,
      weight,
      lambda,
      sumOrMean(`${meanOfAgreeing}; true unless set.`),
      rescaled('true'),
      maskType,
    ],
  },
  {
    name: 'della_linear',
    ours: 'della_linear',
    ...fromBase,
    isRandom: true,
    parameters: [density, window, weight, lambda, divided, rescaled('true'), maskType],
  },
  {
    name: 'sce',
    ours: 'sce',
    ...fromBase,
    parameters: [
      parameter(
        'select_topk',
        'density',
        'The share of elements kept, those in which the models differ most; 1 unless set.',
      ),
      maskType,
    ],
  },
  {
    name: 'ram',
    ours: 'ram',
    ...fromBase,
    parameters: [parameter('epsilon', 'epsilon', 'What counts as changed; 1e-5 unless set.')],
  },
  {
    name: 'ramplus_tl',
    ours: 'ramplus_tl',
    ...fromBase,
    storesF32: true,
    parameters: [
      parameter('r', 'r', 'How much shared changes amplify the unique ones; 0.1 unless set.'),
      parameter('alpha', 'alpha', 'The largest share that counts; 0.2 unless set.'),
      parameter('epsilon', 'epsilon', 'What counts as changed; 1e-5 unless set.'),
    ],
  },
];

export const foreignMethods: ReadonlyMap<string, ForeignMethod> = new Map(
  all.map((method) => [method.name, method]),
);

/** By the name in the catalogue. */
export const foreignOf: ReadonlyMap<string, ForeignMethod> = new Map(
  all.map((method) => [method.ours, method]),
);
