import type { FaultKind } from './fault.ts';

export const unreadTemplate = {
  code: 'MW4572',
  title: 'There is no such chat template',
  severity: 'error',
  exit: 'input',
  what: [
    'The output asks for a chat template that cannot be read, or for that of models which have none.',
    'A template lies beside a model as chat_template.jinja, or in its tokenizer_config.json.',
  ].join('\n'),
  wrong: 'chat_template = majority, where none of the models was trained for a chat',
  right: 'chat_template = chatml',
} as const satisfies FaultKind;
