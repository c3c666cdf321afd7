import type { FileAccess } from './file-access.ts';
import { isFileJob, workOnFiles } from './file-job.ts';
import { workAtOnce } from './file-request.ts';
import type { Answer, Job, WorkerStart } from './job.ts';
import { WorkerCore } from './worker-core.ts';
import { WorkerFiles } from './worker-files.ts';

/** A worker beside its files: it never waits. */
export interface ThreadWorker {
  /** Never throws for what a user can cause. */
  execute(job: Job): Answer;
}

export function threadWorker(start: WorkerStart, access: FileAccess): ThreadWorker {
  const core = new WorkerCore(start);
  const files = new WorkerFiles(start, access);
  return {
    execute(job) {
      return isFileJob(job) ? workOnFiles(job, files) : workAtOnce(core.work(job), files);
    },
  };
}
