/** The thread that a worker is: jobs in, answers out, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from './file-access.ts';
import type { Answer, Job, WorkerStart } from './job.ts';
import { threadWorker } from './thread-worker.ts';

const port = parentPort;
if (port === null) throw new Error('this file is started as a worker thread');
const worker = threadWorker(workerData as WorkerStart, nodeFiles());
port.on('message', (job: Job) => {
  const answer = worker.execute(job);
  port.postMessage(answer, buffersOf(answer));
});

/** Histograms are large and made for the answer alone: they are handed over, not copied. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  if (answer.kind !== 'figures') return [];
  return answer.bins.flatMap((bins) => (bins === undefined ? [] : [bins.buffer as ArrayBuffer]));
}
