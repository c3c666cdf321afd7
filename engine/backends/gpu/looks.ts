/** Knows when this thread last looked at what comes from outside. */
export interface Looks {
  /** Begins to wait for something. Called when that came, the answer tells how long it certainly took, in milliseconds. */
  begin(): () => number;
  /** Looks no more, whatever is still waited for. */
  stop(): void;
}

/**
 * A thread that reads and hashes hears late what came long before: of a wait only that counts which had passed when the thread
 * looked without hearing. It looks in every turn of its loop, timers first and events behind them: so the last look but one.
 */
export function looksOf(now: () => number = () => performance.now()): Looks {
  let waiting = 0;
  let last = 0;
  let before = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    before = last;
    last = now();
    timer = waiting > 0 ? setTimeout(look, 1) : undefined;
  };
  return {
    begin() {
      const began = now();
      let isOver = false;
      waiting++;
      timer ??= setTimeout(look, 1);
      return () => {
        if (!isOver) waiting--;
        isOver = true;
        return Math.max(0, before - began);
      };
    },
    stop() {
      waiting = 0;
      clearTimeout(timer);
    },
  };
}
