/** Small models with tokenizers, and what an output of them must hold, worked out row by row. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor, writeModel, type TestModel } from '../kit/model.ts';

export const columns = 4;

export interface SpokenModel {
  /** By number; a gap is a number that no token has. */
  readonly tokens: readonly (string | undefined)[];
  /** Tokens that are added ones. */
  readonly added?: readonly string[];
  /** Rows of the embedding; as many as tokens unless given. */
  readonly rows?: number;
  readonly dtype?: 'F32' | 'BF16' | 'F16';
  /** Without a head of its own. */
  readonly tied?: boolean;
  readonly seed: number;
  /** What its values are divided by: unless given, they are exact in every type. */
  readonly divisor?: number;
  readonly template?: string;
}

/** Values that all types hold exactly. */
function valueAt(seed: number, row: number, column: number): number {
  return ((seed * 7 + row * 5 + column * 3) % 29) / 8 - 1;
}

export function rowOf(
  { seed, divisor = 1 }: SpokenModel,
  row: number,
  kind: 'embed' | 'head' = 'embed',
) {
  const of = kind === 'head' ? seed + 3 : seed;
  return Array.from({ length: columns }, (_, column) =>
    Math.fround(valueAt(of, row, column) / divisor),
  );
}

export function rowsOf({ tokens, rows }: SpokenModel): number {
  return rows ?? tokens.length;
}

export function writeSpoken(folder: string, name: string, model: SpokenModel): void {
  const { dtype = 'F32', tied = false, tokens, added = [], template } = model;
  const count = rowsOf(model);
  const matrix = (kind: 'embed' | 'head') =>
    tensor(Array.from({ length: count }, (_, row) => rowOf(model, row, kind)).flat(), dtype, [
      count,
      columns,
    ]);
  const norm = tensor([1, 2, 3, model.seed], dtype, [columns]);
  const weights: TestModel = {
    'model.embed_tokens.weight': matrix('embed'),
    'model.norm.weight': norm,
    ...(tied ? {} : { 'lm_head.weight': matrix('head') }),
  };
  const config = {
    model_type: 'llama',
    vocab_size: count,
    num_hidden_layers: 0,
    tie_word_embeddings: tied,
    bos_token_id: model.seed,
  };
  writeModel(join(folder, name), weights, { config });
  const numbered = tokens.flatMap((token, id) =>
    token === undefined ? [] : [[token, id] as const],
  );
  const own = numbered.filter(([token]) => !added.includes(token));
  const tokenizer = {
    version: '1.0',
    added_tokens: numbered
      .filter(([token]) => added.includes(token))
      .map(([content, id]) => ({ id, content, special: true, lstrip: false })),
    model: { type: 'BPE', vocab: Object.fromEntries(own), merges: [] },
  };
  const write = (file: string, json: unknown): void =>
    writeFileSync(join(folder, name, file), JSON.stringify(json));
  write('tokenizer.json', tokenizer);
  write('tokenizer_config.json', {
    added_tokens_decoder: {},
    model: name,
    ...(template === undefined ? {} : { chat_template: template }),
  });
  write('vocab.json', Object.fromEntries(own));
}

export const base: SpokenModel = { tokens: ['a', 'b', 'c', 'd'], seed: 1, template: 'T1' };
export const chat: SpokenModel = {
  tokens: ['a', 'c', 'b', 'x', '<s>', '<e>'],
  added: ['<s>', '<e>'],
  seed: 2,
  template: 'T2',
};
export const math: SpokenModel = {
  tokens: ['a', 'b', 'c', 'd', undefined, '<s>', 'late'],
  added: ['<s>'],
  rows: 6,
  seed: 5,
  template: 'T2',
};
