import { Worker } from 'node:worker_threads';
import { engineLost } from '../faults/engine-lost.ts';
import { makeFault } from '../faults/fault.ts';
import type { Answer, Job, WorkerStart } from './job.ts';
import type { Pool } from './pool.ts';

/** This module is bundled with the program that uses it, and the worker beside it. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.mjs', import.meta.url);
}

interface Waiting {
  readonly job: Job;
  readonly answer: (answer: Answer) => void;
}

/** As many threads as asked for. */
export function threadPool(size: number, start: WorkerStart): Pool {
  const shared: Waiting[] = [];
  const threads = Array.from({ length: size }, () => new Thread(start, shared));
  return {
    size,
    one: (job) =>
      new Promise((answer) => {
        shared.push({ job, answer });
        for (const thread of threads) thread.wake();
      }),
    all: (job) =>
      Promise.all(
        threads.map(
          (thread) =>
            new Promise<Answer>((answer) => {
              thread.own.push({ job, answer });
              thread.wake();
            }),
        ),
      ),
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

class Thread {
  readonly own: Waiting[] = [];
  readonly #shared: Waiting[];
  readonly #worker: Worker;
  #busy: Waiting | undefined;
  #lost: string | undefined;

  constructor(start: WorkerStart, shared: Waiting[]) {
    this.#shared = shared;
    this.#worker = new Worker(workerFile(), { workerData: start });
    this.#worker.on('message', (answer: Answer) => this.#finish(answer));
    this.#worker.on('error', (error) =>
      this.#lose(error instanceof Error ? error.message : String(error)),
    );
    this.#worker.on('exit', () => this.#lose('its thread ended'));
  }

  wake(): void {
    if (this.#busy !== undefined) return;
    const next = this.own.shift() ?? this.#shared.shift();
    if (next === undefined) return;
    this.#busy = next;
    if (this.#lost === undefined) this.#worker.postMessage(next.job);
    else this.#finish(lostAnswer(this.#lost));
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #lose(reason: string): void {
    this.#lost ??= reason;
    if (this.#busy !== undefined) this.#finish(lostAnswer(this.#lost));
  }

  #finish(answer: Answer): void {
    const done = this.#busy;
    this.#busy = undefined;
    done?.answer(answer);
    this.wake();
  }
}

function lostAnswer(reason: string): Answer {
  return {
    kind: 'fault',
    fault: makeFault(engineLost, {
      message: `A worker of the engine was lost: ${reason}.`,
      help: 'Run it again; if it happens again, send the report.',
    }),
  };
}
