import type { LaterMethod } from '../method.ts';
import { seed } from '../parameters.ts';

export const moe: LaterMethod = {
  name: 'moe',
  title: 'Mixture of experts',
  family: 'structure',
  inputs: { kind: 'experts', base: 'required', atLeast: 1, areSideBySide: true },
  gives: 'model',
  parameters: [
    {
      name: 'gate',
      type: {
        kind: 'choice',
        words: [
          {
            word: 'hidden',
            meaning: 'the hidden states of the prompts’ last tokens, layer by layer',
          },
          { word: 'hidden_avg', meaning: 'hidden states averaged over the prompts’ tokens' },
          { word: 'hidden_last', meaning: 'the last token’s hidden state alone' },
          {
            word: 'cheap_embed',
            meaning: 'the embeddings of the prompts’ tokens, the same in each layer',
          },
          { word: 'random', meaning: 'drawn from a normal distribution, to be trained' },
          { word: 'uniform_random', meaning: 'drawn evenly within ±1/√width, to be trained' },
        ],
      },
      default: 'hidden',
      meaning: 'Where the routers’ rows come from.',
    },
    {
      name: 'experts_per_token',
      type: { kind: 'number', name: 'Count', min: 1 },
      default: 2,
      meaning: 'How many experts work on a token.',
    },
    {
      name: 'copies',
      type: { kind: 'number', name: 'Count', min: 1 },
      default: 1,
      meaning: 'How often each expert stands in the mixture.',
    },
    {
      name: 'prompts',
      type: { kind: 'texts' },
      default: '',
      byModel: true,
      meaning: 'Texts that an expert is for: they make its row of the router.',
    },
    {
      name: 'avoid',
      type: { kind: 'texts' },
      default: '',
      byModel: true,
      meaning: 'Texts that an expert is not for: taken off its row.',
    },
    {
      name: 'noise',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      default: 0,
      byModel: true,
      meaning:
        'The deviation of noise added to an expert’s weights, so that copies part in training.',
    },
    {
      name: 'residual_scale',
      type: { kind: 'number', name: 'Scalar' },
      default: 1,
      byModel: true,
      meaning: 'A factor on an expert’s down projection.',
    },
    {
      name: 'shared',
      type: { kind: 'model' },
      default: '',
      meaning: 'An expert that works on every token.',
    },
    {
      name: 'shared_prompts',
      type: { kind: 'texts' },
      default: '',
      meaning: 'Texts that make the shared expert’s gate.',
    },
    {
      name: 'shared_avoid',
      type: { kind: 'texts' },
      default: '',
      meaning: 'Texts taken off the shared expert’s gate.',
    },
    {
      name: 'shared_noise',
      type: { kind: 'number', name: 'Scalar', min: 0 },
      default: 0,
      meaning: 'The deviation of noise added to the shared expert’s weights.',
    },
    {
      name: 'shared_scale',
      type: { kind: 'number', name: 'Scalar' },
      default: 1,
      meaning: 'A factor on the shared expert’s down projection.',
    },
    {
      name: 'architecture',
      type: {
        kind: 'choice',
        words: [
          { word: 'auto', meaning: 'the first that fits the models' },
          { word: 'mixtral', meaning: 'of llama or mistral models, without a shared expert' },
          { word: 'deepseek', meaning: 'of llama or mistral models, at most one shared expert' },
          { word: 'qwen', meaning: 'of qwen2, llama or mistral models, exactly one shared expert' },
          { word: 'qwen3', meaning: 'of qwen3 models, without a shared expert' },
        ],
      },
      default: 'auto',
      meaning: 'The family of the mixture that is written.',
    },
    seed,
  ],
  random: true,
  later: true,
  summary:
    'Puts the feed-forward parts of several models side by side behind a router; all else is the base’s.',
  formula: 'y = Σ_{i ∈ top k of g(h)} softmax(g(h))_i · mlp_i(h) + shared · mlp_s(h)',
  reference: 'Komatsuzaki et al., Sparse upcycling, ICLR 2023',
  example: 'merge mixture = moe(base, [math { prompts: ["proof"] }, code { prompts: ["python"] }])',
};
