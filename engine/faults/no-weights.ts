import type { FaultKind } from './fault.ts';

export const noWeights = {
  code: 'MW4520',
  title: 'The folder holds no weights',
  severity: 'error',
  exit: 'input',
  what: [
    "A model's folder holds `model.safetensors`, or shards with `model.safetensors.index.json`, or one other safetensors file.",
    'Without these it may hold what PyTorch saved: `pytorch_model.bin`, or shards with `pytorch_model.bin.index.json`, or one other `.bin`, `.pt`, `.pth` or `.ckpt`.',
  ].join('\n'),
  wrong: 'config.json  tokenizer.json',
  right: 'config.json  tokenizer.json  model.safetensors',
} as const satisfies FaultKind;
