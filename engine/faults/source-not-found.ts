import type { FaultKind } from './fault.ts';

export const sourceNotFound = {
  code: 'MW4501',
  title: 'The file or folder is not there',
  severity: 'error',
  exit: 'input',
  what: [
    "A model's text names a path at which nothing stands.",
    "Relative paths start at the recipe's own folder, on the command line at the working directory.",
  ].join('\n'),
  wrong: 'model base = "./models/bsae"',
  right: 'model base = "./models/base"',
} as const satisfies FaultKind;
