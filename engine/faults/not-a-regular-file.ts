import type { FaultKind } from './fault.ts';

export const notARegularFile = {
  code: 'MW4503',
  title: 'Not a regular file',
  severity: 'error',
  exit: 'input',
  what: [
    'Weights are read from regular files alone.',
    'A folder, a pipe or a device under the name of a weights file is refused before it is opened for reading, because reading it could block or have effects.',
  ].join('\n'),
  wrong: 'model base = "/dev/sda"',
  right: 'model base = "./models/base/model.safetensors"',
} as const satisfies FaultKind;
