import { changedTensors } from './changed-tensors.ts';
import { idleInputs } from './idle-inputs.ts';
import { lostChanges } from './lost-changes.ts';
import { norms } from './norms.ts';
import type { OutputCheck } from './output-check.ts';
import { subnormals } from './subnormals.ts';
import { unlikeInputs } from './unlike-inputs.ts';
import { zeros } from './zeros.ts';

/** Every check after a merge, in the order in which a report tells them. */
export const outputChecks: readonly OutputCheck[] = [
  changedTensors,
  unlikeInputs,
  lostChanges,
  idleInputs,
  norms,
  zeros,
  subnormals,
];
