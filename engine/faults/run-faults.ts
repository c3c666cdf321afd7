import { engineLost } from './engine-lost.ts';
import { expectationFailed } from './expectation-failed.ts';
import type { FaultKind } from './fault.ts';
import { memoryTooSmall } from './memory-too-small.ts';
import { noDevice } from './no-device.ts';
import { nonFinite } from './non-finite.ts';
import { runsLater } from './runs-later.ts';

/** All faults of a run, by code: documentation and tests loop over them. */
export const runFaults: readonly FaultKind[] = [
  runsLater,
  nonFinite,
  expectationFailed,
  engineLost,
  memoryTooSmall,
  noDevice,
];
