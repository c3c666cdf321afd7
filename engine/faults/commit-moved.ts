import type { FaultKind } from './fault.ts';

export const commitMoved = {
  code: 'MW6404',
  title: 'A branch has moved since the lock',
  severity: 'error',
  exit: 'input',
  what: [
    'The revision of a model leads to another commit than when the recipe was locked.',
    'A recipe that names the commit itself cannot be moved.',
  ].join('\n'),
  wrong: 'model base = hub("org/name", revision: "main")  // locked at another commit',
  right: 'model base = hub("org/name", revision: "4a83ca6e0f8ab4cb0ba9ef7ebb9b4c3b8b3d0a4f")',
} as const satisfies FaultKind;
