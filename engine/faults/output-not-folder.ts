import type { FaultKind } from './fault.ts';

export const outputNotFolder = {
  code: 'MW6106',
  title: "The output's place is not a folder",
  severity: 'error',
  exit: 'input',
  what: 'An output is a folder; a file, a broken link or the root of a disk stands at its place.',
  wrong: 'output final to "./model.safetensors"',
  right: 'output final to "./model"',
} as const satisfies FaultKind;
