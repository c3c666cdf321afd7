import type { FaultKind } from './fault.ts';

export const adapterUnmatched = {
  code: 'MW4526',
  title: 'The adapter does not fit its model',
  severity: 'error',
  exit: 'input',
  what: [
    'Every factor of an adapter belongs to a tensor of the model it was trained on.',
    'One that has none, or whose shape is another, shows that the adapter lies on another model; nothing is left out in silence.',
  ].join('\n'),
  wrong: 'adapter tone = lora("./adapters/tone", on: other)',
  right: 'adapter tone = lora("./adapters/tone", on: base)',
} as const satisfies FaultKind;
