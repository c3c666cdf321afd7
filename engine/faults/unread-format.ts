import type { FaultKind } from './fault.ts';

export const unreadFormat = {
  code: 'MW4522',
  title: 'The weights are in a format that is not read',
  severity: 'error',
  exit: 'input',
  what: [
    'Weights are read from safetensors files.',
    'Pickled files (`.bin`, `.pt`, `.pth`, `.ckpt`) can run code when they are loaded; GGUF files are made for inference.',
  ].join('\n'),
  wrong: 'pytorch_model.bin',
  right: 'model.safetensors',
} as const satisfies FaultKind;
