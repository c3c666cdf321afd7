import type { FaultKind } from './fault.ts';

export const unreadTorchFile = {
  code: 'MW4592',
  title: 'The PyTorch file is of a kind that is not read',
  severity: 'error',
  exit: 'input',
  what: [
    'Weights are read where they lie in the file, so they must be stored there plainly: not compressed, not encrypted, lowest byte first.',
    'TorchScript programs and the tar files of the first versions of PyTorch are not read.',
  ].join('\n'),
  wrong: 'zip -9 model.pt archive/',
  right: 'torch.save(model.state_dict(), "pytorch_model.bin")',
} as const satisfies FaultKind;
