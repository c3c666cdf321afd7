import type { FaultKind } from './fault.ts';

export const unwritableHeader = {
  code: 'MW4560',
  title: "The output's header would be too large",
  severity: 'error',
  exit: 'input',
  what: [
    'A safetensors header is capped at 100 MB, and this file would need more.',
    'Shards share the tensors out over several headers.',
  ].join('\n'),
  wrong: 'output final to "./out" { }',
  right: 'output final to "./out" { shards = 5 GB }',
} as const satisfies FaultKind;
