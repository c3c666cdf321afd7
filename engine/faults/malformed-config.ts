import type { FaultKind } from './fault.ts';

export const malformedConfig = {
  code: 'MW4540',
  title: 'The configuration cannot be read',
  severity: 'error',
  exit: 'input',
  what: "`config.json` is one JSON object of moderate size and depth; the output's configuration is made from it.",
  wrong: '{"num_hidden_layers": 32',
  right: '{"num_hidden_layers": 32}',
} as const satisfies FaultKind;
