import type { FaultKind } from './fault.ts';

export const trainingState = {
  code: 'MW4595',
  title: "The file is a piece of a training's state",
  severity: 'error',
  exit: 'input',
  what: [
    'Trainers keep more than weights: the state of the optimizer, of the random numbers, of the schedule.',
    'Those that train on several devices keep pieces of each tensor, which only their own tools put together.',
  ].join('\n'),
  wrong: 'zero_pp_rank_0_mp_rank_00_optim_states.pt',
  right: 'model.safetensors',
} as const satisfies FaultKind;
