import type { FaultKind } from './fault.ts';

export const unreadAdapter = {
  code: 'MW4524',
  title: 'A kind of adapter that is not read',
  severity: 'error',
  exit: 'input',
  what: [
    'An adapter is read where what it does to a model is a sum: of the model and of two thin factors for each matrix.',
    'DoRA, LoHa, LoKr, whole tensors saved beside the factors and the like do something else, and are refused rather than read in part.',
  ].join('\n'),
  wrong: '{ "peft_type": "LORA", "use_dora": true }',
  right:
    'merge the adapter into its model with the trainer’s own tool, and declare the result: model toned = "./toned"',
} as const satisfies FaultKind;
