/** Rings once after so many milliseconds; what it returns stops it before. Tests have clocks of their own. */
export type Alarm = (milliseconds: number, ring: () => void) => () => void;

const tickMs = 1000;

/**
 * Counts seconds in which this thread could do something: after a long blocking read, or a night's sleep of the machine, one more
 * second passes before anybody is called late, in which what came meanwhile is heard.
 */
export const countedAlarm: Alarm = (milliseconds, ring) => {
  let left = milliseconds;
  const timer = setInterval(() => {
    left -= tickMs;
    if (left > 0) return;
    clearInterval(timer);
    ring();
  }, tickMs);
  return () => clearInterval(timer);
};

/** A device that has not answered in this time does not answer. */
export const patienceMs = 30_000;

export const late = Symbol('late');

export interface Waiting {
  readonly alarm: Alarm;
  readonly signal?: AbortSignal | undefined;
}

/** What comes within the time of patience, else `late`. Rejects with the signal's reason; what comes after that is for nobody. */
export function within<T>(work: Promise<T>, { alarm, signal }: Waiting): Promise<T | typeof late> {
  return new Promise((resolve, reject) => {
    const stop = alarm(patienceMs, () => end(() => resolve(late)));
    const abort = (): void => end(() => reject(signal!.reason as Error));
    const end = (settle: () => void): void => {
      stop();
      signal?.removeEventListener('abort', abort);
      settle();
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) return abort();
    work.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error as Error)),
    );
  });
}
