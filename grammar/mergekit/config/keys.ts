/** The keys of a configuration, as mergekit reads them: for reading, completion, hover and the guide. */

export interface KeyInfo {
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** What the recipe says instead. */
  readonly recipe: string;
  readonly words?: readonly string[];
}

export type MapKind =
  | 'document'
  | 'mixture'
  | 'expert'
  | 'entry'
  | 'slice'
  | 'source'
  | 'module'
  | 'tokenizer'
  | 'token'
  | 'tokenSource'
  | 'conditional'
  | 'reference';

const dtypes = ['bfloat16', 'float16', 'float32'];
const parameters: KeyInfo = {
  name: 'parameters',
  meaning: 'Values of the method; of the nearest scope that has one, the value holds.',
  recipe: 'arguments of the call, and rules',
};
const model: KeyInfo = {
  name: 'model',
  meaning: 'A folder or an id, with `@revision` and `+adapter` where wanted.',
  recipe: '`model name = "org/name"`',
};
const base: KeyInfo = {
  name: 'base_model',
  meaning: 'What task vectors are taken from, and whose configuration and tokenizer are kept.',
  recipe: 'the first input, before the list',
};
const dtype: KeyInfo = {
  name: 'dtype',
  meaning: 'The type that tensors are loaded, computed and, without `out_dtype`, stored in.',
  recipe: '`compute:` of the call and `dtype` of the output',
  words: dtypes,
};
const prompts: readonly KeyInfo[] = [
  {
    name: 'positive_prompts',
    meaning: 'Texts that the expert is for: a list.',
    recipe: '`prompts: [...]` at the expert',
  },
  {
    name: 'negative_prompts',
    meaning: 'Texts that the expert is not for: a list.',
    recipe: '`avoid: [...]` at the expert',
  },
];

export const keysOf: Readonly<Record<MapKind, readonly KeyInfo[]>> = {
  document: [
    {
      name: 'merge_method',
      meaning: 'How the models are merged.',
      recipe: 'the function that is called',
    },
    { name: 'models', meaning: 'The models, whole.', recipe: 'the list of experts' },
    {
      name: 'slices',
      meaning: 'Ranges of layers, one above the other.',
      recipe: '`stack([a[0..15], b[8..31]])`',
    },
    {
      name: 'modules',
      meaning: 'Models or slices for each part of a network that has several.',
      recipe: 'one merge for each, joined by `take`',
    },
    base,
    parameters,
    dtype,
    {
      name: 'out_dtype',
      meaning: 'The type that tensors are stored in.',
      recipe: '`dtype` of the output',
      words: dtypes,
    },
    {
      name: 'tokenizer',
      meaning: 'Which tokenizer the result has, and where rows of tokens come from.',
      recipe: '`tokenizer`, `tokens` and `pad_vocabulary_to` of the output',
    },
    {
      name: 'tokenizer_source',
      meaning: '`union`, `base` or a model; the short form of `tokenizer`.',
      recipe: '`tokenizer = union([a, b])` of the output',
      words: ['union', 'base'],
    },
    {
      name: 'chat_template',
      meaning: '`auto`, the name of a template, or a template itself.',
      recipe: '`chat_template = majority` of the output',
      words: ['auto', 'alpaca', 'chatml', 'exaone', 'llama3', 'mistral'],
    },
    {
      name: 'name',
      meaning: 'What other documents of the file call this one.',
      recipe: 'the name of the `merge`',
    },
  ],
  mixture: [
    { ...base, meaning: 'The model that gives everything but the experts’ feed-forward parts.' },
    {
      name: 'experts',
      meaning: 'The experts, a list.',
      recipe: 'the experts of `moe(base, [...])`',
    },
    {
      name: 'gate_mode',
      meaning: 'Where the routers’ rows come from.',
      recipe: '`gate: hidden`',
      words: ['hidden', 'cheap_embed', 'random', 'uniform_random', 'hidden_avg', 'hidden_last'],
    },
    { ...dtype, recipe: '`dtype` of the output' },
    {
      name: 'experts_per_token',
      meaning: 'How many experts work on a token.',
      recipe: '`experts_per_token: 2`',
    },
    {
      name: 'shared_experts',
      meaning: 'An expert that works on every token, as a list of one.',
      recipe: '`shared: name`',
    },
    {
      name: 'architecture',
      meaning: 'The family of the mixture that is written.',
      recipe: '`architecture: mixtral`',
      words: ['mixtral', 'deepseek', 'qwen', 'qwen3'],
    },
  ],
  expert: [
    { ...model, name: 'source_model' },
    ...prompts,
    {
      name: 'noise_scale',
      meaning: 'The deviation of noise that is added to its weights.',
      recipe: '`noise: 0.01` at the expert',
    },
    {
      name: 'residual_scale',
      meaning: 'A factor on its down projection.',
      recipe: '`residual_scale: 0.5` at the expert',
    },
  ],
  entry: [model, parameters],
  slice: [
    { name: 'sources', meaning: 'What this slice is made from.', recipe: 'a part of the `stack`' },
    { ...base, meaning: 'The base of this slice alone.' },
    parameters,
  ],
  source: [
    model,
    {
      name: 'layer_range',
      meaning: 'From the first layer to the one behind the last: `[0, 24]` are layers 0 to 23.',
      recipe: '`a[0..23]`',
    },
    parameters,
  ],
  module: [
    { name: 'models', meaning: 'The models of this module, whole.', recipe: 'the list of experts' },
    { name: 'slices', meaning: 'Ranges of its layers.', recipe: '`stack([a[0..15], b[8..31]])`' },
    parameters,
  ],
  tokenizer: [
    {
      name: 'source',
      meaning: '`union`, `base` or a model.',
      recipe: '`tokenizer = union([a, b])`',
      words: ['union', 'base'],
    },
    {
      name: 'tokens',
      meaning: 'Where rows of single tokens come from.',
      recipe: '`tokens = {...}`',
    },
    {
      name: 'pad_to_multiple_of',
      meaning: 'The vocabulary’s height is rounded up to a multiple of this.',
      recipe: '`pad_vocabulary_to = 8`',
    },
  ],
  token: [
    { name: 'source', meaning: 'Where the token’s row comes from.', recipe: '`"<token>": model`' },
    {
      name: 'force',
      meaning: 'Whether models that have the token get this row as well.',
      recipe: '`force(model)`, `force(row(…))`',
    },
  ],
  tokenSource: [
    {
      name: 'kind',
      meaning: '`model_token` or `zero`.',
      recipe: '`row(model, "<token>")` or `zero`',
      words: ['model_token', 'zero'],
    },
    { ...model, name: 'model' },
    { name: 'token', meaning: 'A token of that model.', recipe: '`row(model, "<token>")`' },
    {
      name: 'token_id',
      meaning: 'A token of that model, by number.',
      recipe: '`row(model, 128009)`',
    },
  ],
  conditional: [
    { name: 'value', meaning: 'A number or a gradient.', recipe: 'the value of a rule' },
    {
      name: 'filter',
      meaning: 'A text that a tensor’s name must hold; the first entry that fits decides.',
      recipe: '`at "*text*" {...}`, the last rule that fits decides',
    },
  ],
  reference: [
    model,
    { name: 'path', meaning: 'A folder or an id.', recipe: '`model name = "org/name"`' },
    {
      name: 'revision',
      meaning: 'A commit or a branch of the id.',
      recipe: '`hub(id, revision:)`',
    },
    {
      name: 'lora',
      meaning: 'An adapter on it.',
      recipe: '`lora(path, on: model)`, `lora(id, revision:, on: model)`',
    },
    {
      name: 'override_architecture',
      meaning: 'The architecture the model is read as.',
      recipe: 'nothing: the tensors’ names say it',
    },
  ],
};

export function keyNamed(kind: MapKind, name: string): KeyInfo | undefined {
  return keysOf[kind].find((key) => key.name === name);
}
