import type { ReportTime } from '../output/report.ts';

/** The seconds of a run, by phase. */
export class Clock {
  readonly #start = performance.now();
  readonly #times: { phase: string; from: number; to?: number }[] = [];

  begin(phase: string): void {
    const now = performance.now();
    const last = this.#times.at(-1);
    if (last !== undefined) last.to = now;
    this.#times.push({ phase, from: now });
  }

  total(): number {
    return (performance.now() - this.#start) / 1000;
  }

  times(): readonly ReportTime[] {
    const now = performance.now();
    return this.#times.map(({ phase, from, to }) => ({
      phase,
      seconds: ((to ?? now) - from) / 1000,
    }));
  }
}
