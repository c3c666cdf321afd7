import type { FaultKind } from './fault.ts';

export const tensorInTwoShards = {
  code: 'MW4533',
  title: 'A tensor is in two shards',
  severity: 'error',
  exit: 'input',
  what: "Two files hold a tensor of one name; which of them is the model's cannot be known.",
  wrong: 'file 1: "a"; file 2: "a"',
  right: 'file 1: "a"; file 2: "b"',
} as const satisfies FaultKind;
