import type { FaultKind } from './fault.ts';

export const adapterNotModel = {
  code: 'MW4523',
  title: 'The folder holds an adapter, not a model',
  severity: 'error',
  exit: 'input',
  what: "An adapter holds changes to some layers of a model, not the model's weights.",
  wrong: 'model tone = "./adapters/tone"',
  right: 'adapter tone = lora("./adapters/tone", on: base)',
} as const satisfies FaultKind;
