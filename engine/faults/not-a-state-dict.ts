import type { FaultKind } from './fault.ts';

export const notAStateDict = {
  code: 'MW4594',
  title: 'The file holds no dict of tensors',
  severity: 'error',
  exit: 'input',
  what: [
    'The weights of a model are a dict that gives each tensor a name: the whole file, or what a trainer put under `state_dict`, `model_state_dict`, `model` or `module`.',
    'Numbers, texts and settings beside the tensors are passed over; tensors that have no name, or lie deeper, are not guessed at.',
  ].join('\n'),
  wrong: 'torch.save([w1, w2], "pytorch_model.bin")',
  right: 'torch.save({"w1": w1, "w2": w2}, "pytorch_model.bin")',
} as const satisfies FaultKind;
