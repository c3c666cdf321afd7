/** What an output may be told, for the check, completion and the reference. */
import { templateWords } from './forms.ts';

export interface OutputSetting {
  readonly name: OutputSettingName;
  /** In words, for completion and the reference. */
  readonly type: string;
  readonly meaning: string;
  readonly example: string;
}

export type OutputSettingName =
  | 'dtype'
  | 'shards'
  | 'card'
  | 'tokenizer'
  | 'tokens'
  | 'chat_template'
  | 'pad_vocabulary_to'
  | 'metadata';

export const outputSettingTable: readonly OutputSetting[] = [
  {
    name: 'dtype',
    type: 'a type such as `bf16`',
    meaning:
      'What every float tensor is stored as; unless set, each keeps the type its rule gives it.',
    example: 'dtype = bf16',
  },
  {
    name: 'shards',
    type: 'a size such as `5 GB`',
    meaning: 'How large a file may become; unless set, there is one file.',
    example: 'shards = 5 GB',
  },
  {
    name: 'card',
    type: '`true` or `false`',
    meaning:
      'Whether a model card with the recipe and its sources is written; unless set, none is.',
    example: 'card = true',
  },
  {
    name: 'tokenizer',
    type: 'a model, or `union([…])`',
    meaning: 'Whose vocabulary the model has; every source is brought to its rows.',
    example: 'tokenizer = union([base, math])',
  },
  {
    name: 'tokens',
    type: 'a map of tokens to a model, `force(…)`, `row(…)` or `zero`',
    meaning: 'Where the rows of single tokens come from.',
    example: 'tokens = { "<|im_end|>": force(chat) }',
  },
  {
    name: 'chat_template',
    type: `${templateWords.map((word) => `\`${word}\``).join(', ')}, or \`file("…")\``,
    meaning: 'The template of a conversation that is stored with the tokenizer.',
    example: 'chat_template = majority',
  },
  {
    name: 'pad_vocabulary_to',
    type: 'a whole number',
    meaning: 'The height of the embedding is rounded up to a multiple of it.',
    example: 'pad_vocabulary_to = 8',
  },
  {
    name: 'metadata',
    type: 'a map of texts, numbers and flags',
    meaning: 'What is written into the header of each file besides.',
    example: 'metadata = { author: "the team" }',
  },
];
