import { availableParallelism } from 'node:os';
import type { Plan } from '../plan/plan.ts';
import { machineCompute } from './machine-compute.ts';
import type { RunOptions, RunResult } from './options.ts';
import { runWith } from './run-with.ts';

/** Runs a plan on this process's own threads and GPU. */
export function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  return runWith(machineCompute(options), plan, { ...options, threads: threadsOf(options) });
}

function threadsOf({ threads, backend }: RunOptions): number {
  return backend === 'oracle'
    ? Math.min(threads, 2)
    : Math.max(1, threads || availableParallelism());
}
