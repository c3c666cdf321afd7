/**
 * Worker threads. One that dies, of a fault of its own or for want of memory, is started again once and does its work again: work
 * is positional, and gives the same bytes. Who dies again is gone, and what is asked of it is answered with the fault.
 */
import { Worker } from 'node:worker_threads';
import { engineLost } from '../faults/engine-lost.ts';
import { makeFault } from '../faults/fault.ts';
import type { Answer, Job, WorkerStart } from './job.ts';
import type { Pool } from './pool.ts';

/** This module is bundled with the program that uses it, and the worker beside it. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.mjs', import.meta.url);
}

/** What a worker makes is soon gone, and its heap would grow with the model all the same. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

interface Waiting {
  readonly job: Job;
  readonly answer: (answer: Answer) => void;
  /** Where the job is not its thread's alone: hears that the thread that did a part of it is gone. */
  readonly lost?: () => void;
}

/** As many threads as asked for. */
export function threadPool(size: number, start: WorkerStart, program = workerFile()): Pool {
  const shared: Waiting[] = [];
  /** Files that were named later: a thread that starts again has to be told. */
  const named: Job[] = [];
  const threads = Array.from({ length: size }, () => new Thread({ start, program, shared, named }));

  const allOnce = async (job: Job): Promise<readonly Answer[] | 'lost'> => {
    let isLost = false;
    const lost = (): void => void (isLost = true);
    const answers = await Promise.all(
      threads.map((thread) => new Promise<Answer>((answer) => thread.do({ job, answer, lost }))),
    );
    return isLost ? 'lost' : answers;
  };

  return {
    size,
    one: (job) =>
      new Promise((answer) => {
        shared.push({ job, answer });
        for (const thread of threads) thread.wake();
      }),
    async all(job) {
      if (job.kind === 'files') named.push(job);
      for (;;) {
        const answers = await allOnce(job);
        if (answers !== 'lost') return answers;
        // Nobody knows what the lost thread had taken of it: all of it is done again, by all.
        takeAgain(job);
      }
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

function takeAgain(job: Job): void {
  if (job.kind === 'pass') Atomics.store(new Int32Array(job.tickets.counter), 0, 0);
}

interface ThreadOptions {
  readonly start: WorkerStart;
  readonly program: URL;
  readonly shared: Waiting[];
  readonly named: readonly Job[];
}

class Thread {
  readonly #options: ThreadOptions;
  readonly #own: Waiting[] = [];
  #worker: Worker;
  #busy: Waiting | undefined;
  /** Answers that nobody waits for: those to the names of files. */
  #unheard = 0;
  #losses = 0;
  #lost: string | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker = this.#begin();
  }

  do(waiting: Waiting): void {
    this.#own.push(waiting);
    this.wake();
  }

  wake(): void {
    if (this.#busy !== undefined) return;
    const next = this.#own.shift() ?? this.#options.shared.shift();
    if (next === undefined) return;
    this.#busy = next;
    if (this.#lost === undefined) this.#worker.postMessage(next.job);
    else this.#finish(lostAnswer(this.#lost));
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }

  #begin(): Worker {
    const { program, start } = this.#options;
    const worker = new Worker(program, { workerData: start, resourceLimits });
    worker.on('message', (answer: Answer) => {
      if (this.#unheard > 0) this.#unheard--;
      else this.#finish(answer);
    });
    worker.on('error', (error) =>
      this.#lose(worker, error instanceof Error ? error.message : String(error)),
    );
    worker.on('exit', () => this.#lose(worker, 'its thread ended'));
    return worker;
  }

  #lose(worker: Worker, reason: string): void {
    if (worker !== this.#worker || this.#lost !== undefined) return;
    worker.removeAllListeners();
    // What it still says, of work that is done again, is for nobody.
    worker.on('error', () => undefined);
    if (this.#losses++ > 0) {
      this.#lost = reason;
      if (this.#busy !== undefined) this.#finish(lostAnswer(reason));
      return;
    }
    try {
      this.#worker = this.#begin();
    } catch (error) {
      return this.#lose(worker, error instanceof Error ? error.message : String(error));
    }
    const { named } = this.#options;
    this.#unheard = named.length;
    for (const job of named) this.#worker.postMessage(job);
    const busy = this.#busy;
    if (busy === undefined) return;
    if (busy.lost === undefined || busy.job.kind === 'files')
      return this.#worker.postMessage(busy.job);
    busy.lost();
    this.#finish({ kind: 'ready' });
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
      message: `A worker of the engine was lost twice: ${reason}.`,
      help: 'Run it again, with a smaller --memory if the machine is short of it; if it happens again, send the report.',
    }),
  };
}
