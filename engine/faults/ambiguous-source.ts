import type { FaultKind } from './fault.ts';

export const ambiguousSource = {
  code: 'MW4552',
  title: 'A folder has the name of an id',
  severity: 'error',
  exit: 'input',
  what: 'The text could mean the folder or the id, and they may hold different weights.',
  wrong: 'model base = "org/name"',
  right: 'model base = hub("org/name")',
} as const satisfies FaultKind;
