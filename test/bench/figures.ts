/** Medians, printed beside what they must stay under. */

export interface Budgeted {
  readonly title: string;
  /** Milliseconds; absent: the figure is only told. */
  readonly budget?: number;
  readonly runs: number;
  /** Runs before those that count. */
  readonly warmUp: number;
}

/** Prints the median and the slowest of some runs; whether the median is within its budget. */
export async function timed(
  { title, budget, runs, warmUp }: Budgeted,
  run: (at: number) => unknown,
): Promise<boolean> {
  const times: number[] = [];
  for (let at = 0; at < warmUp + runs; at += 1) {
    const start = performance.now();
    await run(at);
    if (at >= warmUp) times.push(performance.now() - start);
  }
  return told(title, times, budget);
}

export function told(title: string, times: readonly number[], budget?: number): boolean {
  const sorted = times.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const isHeld = budget === undefined || median <= budget;
  const against = budget === undefined ? '' : `  ${isHeld ? 'within' : 'OVER'} ${budget} ms`;
  const slowest = `slowest ${sorted.at(-1)!.toFixed(1)}`;
  console.log(`${title.padEnd(52)} ${median.toFixed(1).padStart(7)} ms, ${slowest}${against}`);
  return isHeld;
}
