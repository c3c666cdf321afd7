import type { FaultKind } from './fault.ts';

export const noSuchToken = {
  code: 'MW4571',
  title: 'A model has no such token',
  severity: 'error',
  exit: 'input',
  what: [
    'The `tokens` of an output say from which model the row of a token comes.',
    'That model must have the token, or the other token that is named, among the rows of its embedding.',
  ].join('\n'),
  wrong: 'tokens = { "<|im_end|>": base }, where base was trained without it',
  right: 'tokens = { "<|im_end|>": chat }',
} as const satisfies FaultKind;
