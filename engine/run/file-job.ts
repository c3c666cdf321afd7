/** Jobs that are of files alone: whoever has the files does them, wherever tensors are computed. */
import { answerOf } from './file-request.ts';
import type { Answer, FileJob, Job } from './job.ts';
import type { WorkerFiles } from './worker-files.ts';

export function isFileJob(job: Job): job is FileJob {
  return job.kind === 'files' || job.kind === 'verify' || job.kind === 'digest';
}

/** Never throws for what a user can cause. */
export function workOnFiles(job: FileJob, files: WorkerFiles): Answer {
  switch (job.kind) {
    case 'files':
      files.name(job.first, job.paths);
      return { kind: 'ready' };
    case 'verify':
      try {
        return { kind: 'verified', isWhole: files.verify(job.at, job.byteLength, job.pieces) };
      } catch (error) {
        return answerOf(error);
      }
    case 'digest':
      try {
        return { kind: 'digested', sha256: files.digest(job.file, job.byteLength) };
      } catch (error) {
        return answerOf(error);
      }
  }
}
