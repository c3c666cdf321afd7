import type { FaultKind } from './fault.ts';

export const malformedIndex = {
  code: 'MW4530',
  title: 'The index of the shards cannot be read',
  severity: 'error',
  exit: 'input',
  what: '`model.safetensors.index.json` says in which file each tensor is: a JSON object whose `weight_map` maps names to file names.',
  wrong: '{"weight_map": ["model-00001-of-00002.safetensors"]}',
  right: '{"weight_map": {"a": "model-00001-of-00002.safetensors"}}',
} as const satisfies FaultKind;
