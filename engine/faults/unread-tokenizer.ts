import type { FaultKind } from './fault.ts';

export const unreadTokenizer = {
  code: 'MW4570',
  title: 'A tokenizer cannot be read',
  severity: 'error',
  exit: 'input',
  what: [
    'The output asks for a vocabulary, and one of the models does not tell its tokens.',
    'They are read from `tokenizer.json`, which says what each row of the embedding means.',
  ].join('\n'),
  wrong: 'a model that has only tokenizer.model, in a recipe with `tokenizer = union([a, b])`',
  right: 'the same model with its tokenizer.json',
} as const satisfies FaultKind;
