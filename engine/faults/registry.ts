import type { FaultKind } from './fault.ts';
import { fileFaults } from './file-faults.ts';
import { runFaults } from './run-faults.ts';

/** Every fault of the engine, by code. */
export const faultKinds: readonly FaultKind[] = [...fileFaults, ...runFaults];
