import type { FaultKind } from './fault.ts';
import { fileFaults } from './file-faults.ts';
import { hubFaults } from './hub-faults.ts';
import { lockFaults } from './lock-faults.ts';
import { runFaults } from './run-faults.ts';
import { vocabularyFaults } from './vocabulary-faults.ts';

/** Every fault of the engine, by code. */
export const faultKinds: readonly FaultKind[] = [
  ...fileFaults,
  ...hubFaults,
  ...lockFaults,
  ...vocabularyFaults,
  ...runFaults,
];
