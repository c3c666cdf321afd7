import type { FaultKind } from './fault.ts';

export const outputIsInput = {
  code: 'MW6105',
  title: 'The output would replace an input',
  severity: 'error',
  exit: 'input',
  what: [
    "The output's folder holds a file that this recipe reads.",
    'Replacing it would take away the only copy of what the recipe is made from.',
  ].join('\n'),
  wrong: 'model base = "./out"   output final to "./out"',
  right: 'model base = "./base"   output final to "./out"',
} as const satisfies FaultKind;
