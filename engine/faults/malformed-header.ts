import type { FaultKind } from './fault.ts';

export const malformedHeader = {
  code: 'MW4508',
  title: 'The header is not a safetensors header',
  severity: 'error',
  exit: 'input',
  what: [
    'The header must be one JSON object of tensors, each with `dtype`, `shape` and `data_offsets`, and of text metadata.',
    'Anything else is refused, because a guess about weights would be worse than none.',
  ].join('\n'),
  wrong: '{"a": {"dtype": "F32", "shape": [2.5]}}',
  right: '{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
} as const satisfies FaultKind;
