/** A catalogue for the language's own tests: signatures alone, as the engine's entries have them. */
import type { Catalogue, Inputs, MethodSignature, Parameter } from '../catalogue.ts';

const number = (
  name: string,
  type: 'Scalar' | 'Ratio' | 'Count' | 'Seed',
  details: Partial<Parameter> & { readonly min?: number } = {},
): Parameter => {
  const { min, ...rest } = details;
  return {
    name,
    type: { kind: 'number', name: type, ...(min === undefined ? {} : { min }) },
    meaning: `the ${name}`,
    ...rest,
  };
};

const choice = (
  name: string,
  words: readonly string[],
  details: Partial<Parameter> = {},
): Parameter => ({
  name,
  type: { kind: 'choice', words: words.map((word) => ({ word, meaning: word })) },
  default: words[0]!,
  meaning: `the ${name}`,
  ...details,
});

const flag = (name: string, byDefault: boolean, details: Partial<Parameter> = {}): Parameter => ({
  name,
  type: { kind: 'boolean' },
  default: byDefault,
  meaning: `whether to ${name}`,
  ...details,
});

const byPlace = { byPlace: true } as const;
const byModel = { byModel: true } as const;
const both = { byModel: true, byPlace: true } as const;

const method = (
  name: string,
  inputs: Inputs,
  gives: MethodSignature['gives'],
  parameters: readonly Parameter[],
  details: Partial<MethodSignature> = {},
): MethodSignature => ({
  name,
  title: name,
  family: 'test',
  inputs,
  gives,
  parameters,
  summary: name,
  formula: name,
  reference: name,
  example: name,
  ...details,
});

const experts = (base: 'required' | 'optional' | 'none', atLeast = 1): Inputs => ({
  kind: 'experts',
  base,
  atLeast,
});
const ends: Inputs = { kind: 'ends', names: ['a', 'b'] };
const t = number('t', 'Scalar', byPlace);
const weight = number('weight', 'Scalar', { ...both, default: 1 });
const scale = number('scale', 'Scalar', { ...byPlace, default: 1 });
const density = (paper: number): Parameter =>
  number('density', 'Ratio', { ...both, default: { paper, mergekit: 1 } });
const seed = number('seed', 'Seed', { default: 0 });
const rescale = (words: readonly string[]): Parameter => choice('rescale', words, byPlace);
const consensus = [
  choice('combine', ['mean', 'sum', 'max'], byPlace),
  choice('elect', ['mass', 'count', 'norm_share', 'norm_mass'], byPlace),
];
const scope = choice('scope', ['tensor', 'whole']);
const later = { later: true } as const;

const methods: readonly MethodSignature[] = [
  method('average', experts('none'), 'experts', [], { isLinear: true }),
  method('linear', experts('none'), 'experts', [weight, flag('normalize', true, byPlace)], {
    isLinear: true,
  }),
  method('lerp', ends, 'share', [t], { isLinear: true }),
  method('slerp', ends, 'share', [t]),
  method('task_arithmetic', experts('required'), 'experts', [
    weight,
    scale,
    flag('normalize', false, byPlace),
  ]),
  method('ties', experts('optional'), 'experts', [
    density(0.2),
    weight,
    scale,
    ...consensus,
    choice('trim', ['count', 'norm_share', 'deviation'], byPlace),
    rescale(['none', 'l1', 'inverse']),
    scope,
  ]),
  method(
    'dare',
    { kind: 'one', name: 'd', takes: 'delta' },
    'delta',
    [
      number('density', 'Ratio', { ...byPlace, default: 0.5 }),
      rescale(['inverse', 'l1', 'none']),
      seed,
    ],
    { random: true },
  ),
  method('trim', { kind: 'one', name: 'd', takes: 'delta' }, 'delta', [
    number('density', 'Ratio', { ...byPlace, default: 0.2 }),
    rescale(['none', 'l1', 'inverse']),
  ]),
  method(
    'dare_linear',
    experts('required'),
    'experts',
    [
      density(0.5),
      weight,
      scale,
      flag('normalize', false, byPlace),
      rescale(['inverse', 'l1']),
      seed,
    ],
    { random: true },
  ),
  method(
    'dare_ties',
    experts('optional'),
    'experts',
    [density(0.5), weight, scale, ...consensus, rescale(['inverse', 'l1']), scope, seed],
    { random: true },
  ),
  method('scale', { kind: 'one', name: 'x', takes: 'any' }, 'share', [
    number('by', 'Scalar', { ...byPlace, default: 1 }),
  ]),
  method('cast', { kind: 'one', name: 'x', takes: 'any' }, 'share', [
    { name: 'to', type: { kind: 'dtype' }, meaning: 'the type' },
  ]),
  method('nearswap', ends, 'share', [t], later),
  method(
    'karcher',
    experts('none'),
    'experts',
    [
      number('tolerance', 'Scalar', { default: 1e-5 }),
      number('iterations', 'Count', { default: 10 }),
    ],
    later,
  ),
  method('nuslerp', experts('optional'), 'experts', [weight], later),
  method(
    'sce',
    experts('required'),
    'experts',
    [number('density', 'Ratio', { default: 1 })],
    later,
  ),
  method(
    'della_linear',
    experts('required'),
    'experts',
    [
      weight,
      density(0.5),
      number('epsilon', 'Ratio', { ...byModel, default: 0.15 }),
      scale,
      flag('normalize', false),
    ],
    later,
  ),
  method(
    'moe',
    { kind: 'experts', base: 'required', atLeast: 1, areSideBySide: true },
    'model',
    [
      number('copies', 'Count', { default: 1 }),
      choice('gate', ['hidden', 'random']),
      number('experts_per_token', 'Count', { default: 2 }),
      { name: 'prompts', type: { kind: 'texts' }, byModel: true, default: '', meaning: 'prompts' },
      {
        name: 'avoid',
        type: { kind: 'texts' },
        byModel: true,
        default: '',
        meaning: 'prompts to avoid',
      },
      { name: 'shared', type: { kind: 'model' }, default: '', meaning: 'the shared expert' },
      { name: 'shared_prompts', type: { kind: 'texts' }, default: '', meaning: 'its prompts' },
      number('shared_scale', 'Scalar', { default: 1 }),
    ],
    { ...later, family: 'structure' },
  ),
  method(
    'fisher_average',
    experts('none'),
    'experts',
    [{ name: 'fisher', type: { kind: 'stats' }, byModel: true, meaning: 'the Fisher diagonals' }],
    later,
  ),
  method(
    'to_lora',
    { kind: 'one', name: 'd', takes: 'delta' },
    'delta',
    [number('rank', 'Count', { default: 0 })],
    { makes: 'adapter' },
  ),
  method('add_perpendicular', { kind: 'ends', names: ['base', 'a', 'b'] }, 'model', [], later),
];

export const testCatalogue: Catalogue = new Map(methods.map((entry) => [entry.name, entry]));
