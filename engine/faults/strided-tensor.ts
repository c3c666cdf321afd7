import type { FaultKind } from './fault.ts';

export const stridedTensor = {
  code: 'MW4593',
  title: "A tensor's elements do not lie in their order",
  severity: 'error',
  exit: 'input',
  what: [
    'A PyTorch file may hold a view of a tensor: transposed, repeated, or with steps between its elements.',
    'Its elements cannot be read one after the other, so the file is refused; the model is the same when such tensors are made contiguous.',
  ].join('\n'),
  wrong: 'torch.save({"w": w.t()}, "pytorch_model.bin")',
  right: 'torch.save({"w": w.t().contiguous()}, "pytorch_model.bin")',
} as const satisfies FaultKind;
