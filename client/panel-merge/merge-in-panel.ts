/**
 * A merge that the panel computes: this process checks, plans, reads, hashes and writes. It is loaded when it is first needed.
 */
import { benches } from '../../engine/protocol/compute.ts';
import type { MergeJob, RunEnd } from '../../engine/protocol/run.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { panelCompute, type ComputeLine } from '../../engine/run/remote-compute.ts';
import { runWith } from '../../engine/run/run-with.ts';
import { runJob, type JobOptions } from '../merge-process/run-job.ts';

export interface PanelJobOptions extends Omit<JobOptions, 'runPlan' | 'onPlan'> {
  readonly line: () => ComputeLine;
}

/** Never rejects. */
export function mergeInPanel(
  job: Omit<MergeJob, 'threads' | 'records'>,
  { line, ...options }: PanelJobOptions,
): Promise<RunEnd> {
  const { backend, allowSoftwareGpu } = job;
  return runJob(
    { ...job, threads: benches },
    {
      ...options,
      onPlan: async () => undefined,
      runPlan: (plan, runOptions) => {
        const files = nodeFiles();
        return runWith(panelCompute({ backend, allowSoftwareGpu, line, files }), plan, runOptions);
      },
    },
  );
}
