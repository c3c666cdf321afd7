import type { FaultKind } from './fault.ts';

export const unreadFormat = {
  code: 'MW4522',
  title: 'The weights are in a format that is not read',
  severity: 'error',
  exit: 'input',
  what: [
    'Weights are read from safetensors files and from the PyTorch files `.bin`, `.pt`, `.pth` and `.ckpt`.',
    'GGUF files are made for inference: most of them are quantised, and some rows are in another order.',
  ].join('\n'),
  wrong: 'model-q4_k_m.gguf',
  right: 'model.safetensors',
} as const satisfies FaultKind;
