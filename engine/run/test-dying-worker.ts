/** A worker thread that does its work and dies before it says so, as its test orders. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { nodeFiles } from './file-access.ts';
import type { Job, WorkerStart } from './job.ts';
import { threadWorker } from './thread-worker.ts';

/** What stands in the start of such a worker besides. */
export interface DyingOrders {
  /** How many threads die, in all. */
  readonly deaths: number;
  /** After jobs of this kind. */
  readonly at: Job['kind'];
  readonly of: 'exit' | 'throw';
  /** Each death leaves a file here, so that threads which start again know of those before. */
  readonly marks: string;
}

export type DyingStart = WorkerStart & { readonly orders: DyingOrders };

export const dyingWorker = new URL(import.meta.url);

if (parentPort !== null) serve(parentPort, workerData as DyingStart);

function serve(port: NonNullable<typeof parentPort>, start: DyingStart): void {
  const { orders } = start;
  const worker = threadWorker(start, nodeFiles());
  port.on('message', (job: Job) => {
    const answer = worker.execute(job);
    if (job.kind !== orders.at || !mayDie(orders)) return port.postMessage(answer);
    if (orders.of === 'throw') throw new Error('a test let it die');
    process.exit(9);
  });
}

function mayDie({ deaths, marks }: DyingOrders): boolean {
  for (let death = 0; death < deaths; death++) {
    try {
      writeFileSync(join(marks, `death-${death}`), '', { flag: 'wx' });
      return true;
    } catch {
      continue;
    }
  }
  return false;
}
