/** One line on each statement, output setting and function that is no method, for completion and hover. */
import type { StatementWord } from '../../grammar/syntax/tokens.ts';
import { paragraphs, recipeBlock } from './markdown.ts';

export interface WordPage {
  readonly form: string;
  readonly meaning: string;
}

export function wordPage({ form, meaning }: WordPage): string {
  return paragraphs(recipeBlock(form), meaning);
}

export const statementPages: Readonly<Record<StatementWord, WordPage>> = {
  use: { form: 'use "./common.merge"', meaning: 'Brings in the declarations of another recipe.' },
  model: { form: 'model name = "./folder"', meaning: 'A model: a folder, a file or a hub id.' },
  adapter: {
    form: 'adapter name = lora("./adapter", on: base)',
    meaning: 'A LoRA adapter, usable wherever a Delta is.',
  },
  stats: {
    form: 'stats name = fisher("./fisher.safetensors", of: model)',
    meaning: 'Statistics of a model, or a mask.',
  },
  param: {
    form: 'param name: Ratio = 40% in 10%..90%',
    meaning: 'A knob, which sweeps and searches may turn.',
  },
  let: {
    form: 'let name = value',
    meaning: 'A name for a number, curve, list, map, Delta or Mask.',
  },
  layers: {
    form: 'layers early = 0..7',
    meaning: 'A place made of layers; both ends belong to it.',
  },
  tensors: {
    form: 'tensors attn = "*.self_attn.*"',
    meaning: 'A place made of patterns, parts and other places.',
  },
  merge: {
    form: 'merge name = ties(base, [math, code])',
    meaning: 'A step: what is computed, with rules by place.',
  },
  evaluate: {
    form: 'evaluate score = command("node evaluate.mjs", metrics: ["accuracy"])',
    meaning: 'A command that scores a model.',
  },
  sweep: { form: 'sweep look = grid(final, turn: [keep])', meaning: 'A grid over knobs.' },
  search: {
    form: 'search tuned = cma_es(final, turn: [keep], maximize: score.accuracy)',
    meaning: 'The best model an optimiser finds.',
  },
  expect: { form: 'expect gap(final, code) < 120%', meaning: 'A test of what the recipe makes.' },
  output: { form: 'output final to "./out/final"', meaning: 'What is written, where and how.' },
};

export const settingPages: ReadonlyMap<string, WordPage> = new Map(
  Object.entries({
    dtype: { form: 'dtype = bf16', meaning: 'The type that weights are stored in.' },
    shards: { form: 'shards = 5 GB', meaning: 'The most that one file holds.' },
    card: { form: 'card = true', meaning: 'Whether a model card is written.' },
    tokenizer: { form: 'tokenizer = union([base])', meaning: 'Whose tokenizer the output has.' },
    tokens: { form: 'tokens = { "<|im_end|>": chat }', meaning: 'Whose row a token takes.' },
    chat_template: { form: 'chat_template = majority', meaning: 'Whose chat template it has.' },
    pad_vocabulary_to: { form: 'pad_vocabulary_to = 8', meaning: 'Rows come in multiples of it.' },
    metadata: { form: 'metadata = { author: "…" }', meaning: 'Texts kept in the files’ headers.' },
  }),
);

export const functionPages: ReadonlyMap<string, WordPage> = new Map(
  Object.entries({
    stack: {
      form: 'stack([a[0..19], b[12..31]])',
      meaning: 'Layers of several models in a row, renumbered from 0.',
    },
    curve: {
      form: 'curve(0, 0.5, 1)',
      meaning:
        'A value that varies over depth, its knots evenly spaced from the first layer to the last.',
    },
    profile: { form: 'profile(cosine)', meaning: 'A known curve by its name.' },
    sqrt: { form: 'sqrt(x)', meaning: 'The square root.' },
    abs: { form: 'abs(x)', meaning: 'The number without its sign.' },
    min: { form: 'min(x, y)', meaning: 'The smallest.' },
    max: { form: 'max(x, y)', meaning: 'The largest.' },
    local: {
      form: 'local("./folder")',
      meaning: 'A model in a folder or file, whatever its name looks like.',
    },
    hub: {
      form: 'hub("owner/name", revision: "main")',
      meaning: 'A model of the hub, found in the local cache; nothing is fetched.',
    },
    lora: {
      form: 'lora("./adapter", on: base)',
      meaning:
        'A LoRA in the layout of PEFT or kohya, as a Delta: α/r · B · A for each matrix. Half of it is `0.5 * tone`.',
    },
    fisher: { form: 'fisher("./fisher.safetensors", of: math)', meaning: 'A Fisher diagonal.' },
    second_moments: {
      form: 'second_moments("./moments.safetensors", of: math)',
      meaning: 'An optimiser’s second moments.',
    },
    gram: {
      form: 'gram("./gram.safetensors", of: math)',
      meaning: 'Inner products of activations.',
    },
    imatrix: {
      form: 'imatrix("./imatrix.safetensors", of: math)',
      meaning: 'Mean squared activations.',
    },
    coefficients: {
      form: 'coefficients("./coefficients.safetensors", of: math)',
      meaning: 'Learnt coefficients of a merge.',
    },
    mask: {
      form: 'mask("./mask.safetensors", of: math)',
      meaning: 'A mask: 1 keeps an entry, 0 drops it.',
    },
    command: {
      form: 'command("node evaluate.mjs", metrics: ["accuracy"])',
      meaning: 'A command that is given the model’s folder and prints its scores.',
    },
    grid: { form: 'grid(final, turn: [keep])', meaning: 'Every combination of the knobs.' },
    random: { form: 'random(final, turn: [keep])', meaning: 'Knobs drawn at random.' },
    cma_es: {
      form: 'cma_es(final, turn: [keep], maximize: score.accuracy, budget: 100)',
      meaning: 'Evolution of the knobs by covariance matrix adaptation.',
    },
    union: { form: 'union([base, math])', meaning: 'The tokens of several tokenizers.' },
    force: {
      form: 'force(model)',
      meaning: 'The row of this model, wherever the token comes from.',
    },
    row: { form: 'row(model, "<token>")', meaning: 'The row of another token.' },
    file: { form: 'file("./chatml.jinja")', meaning: 'A text that stands in a file.' },
  }),
);
