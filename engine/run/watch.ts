import type { PlannedOutput } from '../plan/plan.ts';
import type { Clock } from './clock.ts';
import type { SharedControl } from './job.ts';
import type { Progress } from './progress.ts';

const progressEvery = 200;

/** Tells a run's progress a few times a second, from counters that the workers keep. */
export class Watch {
  phase: Progress['phase'] = 'statistics';
  #tensorsDone = 0;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  readonly #report: () => void;

  constructor(
    outputs: readonly PlannedOutput[],
    control: SharedControl,
    clock: Clock,
    onProgress: ((progress: Progress) => void) | undefined,
  ) {
    const counters = new BigInt64Array(control.progress);
    const tensors = outputs.reduce((sum, output) => sum + output.tensors.length, 0);
    const bytesToWrite = outputs.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#report = () =>
      onProgress?.({
        phase: this.phase,
        bytesRead: Number(Atomics.load(counters, 0)),
        bytesWritten: Number(Atomics.load(counters, 1)),
        bytesToWrite,
        tensorsDone: this.#tensorsDone,
        tensors,
        seconds: clock.total(),
      });
    this.#timer = onProgress === undefined ? undefined : setInterval(this.#report, progressEvery);
  }

  tensorDone(): void {
    this.#tensorsDone++;
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#report();
  }
}
