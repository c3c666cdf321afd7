import type { FaultKind } from './fault.ts';

export const malformedTorchFile = {
  code: 'MW4591',
  title: 'The file is no whole PyTorch checkpoint',
  severity: 'error',
  exit: 'input',
  what: [
    'PyTorch saves a zip archive of a pickle (`data.pkl`) and the bytes of each tensor, or, in its older format, pickles with the bytes behind them.',
    'A file that is neither, or whose parts contradict each other, overlap or are missing, is refused: a guess about weights would be worse than none.',
  ].join('\n'),
  wrong: 'pytorch_model.bin: 512 bytes of HTML',
  right: 'pytorch_model.bin: archive/data.pkl, archive/data/0, archive/version',
} as const satisfies FaultKind;
