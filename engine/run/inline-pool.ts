import type { FileAccess } from './file-access.ts';
import type { Answer, Job, WorkerStart } from './job.ts';
import type { Pool } from './pool.ts';
import { threadWorker } from './thread-worker.ts';

/** One worker in the caller's own thread: where starting threads takes longer than the work, or where files are not the system's. */
export function inlinePool(start: WorkerStart, files: FileAccess): Pool {
  const worker = threadWorker(start, files);
  // A turn of the event loop between jobs lets a cancel and the progress through.
  const run = (job: Job): Promise<Answer> =>
    new Promise((answer, fail) => {
      setImmediate(() => {
        try {
          answer(worker.execute(job));
        } catch (error) {
          fail(error as Error);
        }
      });
    });
  return {
    size: 1,
    one: run,
    all: async (job) => [await run(job)],
    async close() {
      files.close();
    },
  };
}
