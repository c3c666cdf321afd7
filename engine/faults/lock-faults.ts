import { commitMoved } from './commit-moved.ts';
import type { FaultKind } from './fault.ts';
import { lockedFileChanged } from './locked-file-changed.ts';
import { lockedRecipeChanged } from './locked-recipe-changed.ts';
import { malformedLockfile } from './malformed-lockfile.ts';
import { noLockfile } from './no-lockfile.ts';
import { sourceNotLocked } from './source-not-locked.ts';

/** All faults of a recipe's lock, by code: documentation and tests loop over them. */
export const lockFaults: readonly FaultKind[] = [
  noLockfile,
  malformedLockfile,
  sourceNotLocked,
  commitMoved,
  lockedFileChanged,
  lockedRecipeChanged,
];
