/** Outputs reach the disk while they are still being computed: a flush that waits for the end would be a second run. */
import { setTimeout as wait } from 'node:timers/promises';

const flushEvery = 100;

/** What is flushed, as far as it is written. Throws faults. */
export interface Flushed {
  flushSoFar(): Promise<void>;
}

/** Ends with the fault that a flush met, if one did: the system tells of a lost page once, and not again at the end. */
export interface Flushing {
  end(): Promise<void>;
}

export function startFlushing(claims: readonly Flushed[]): Flushing {
  const ended = new AbortController();
  const flushing = flushUntil(ended.signal, claims);
  // Until somebody waits for it, a fault is no unhandled rejection.
  flushing.catch(() => undefined);
  return {
    end() {
      ended.abort();
      return flushing;
    },
  };
}

async function flushUntil(ended: AbortSignal, claims: readonly Flushed[]): Promise<void> {
  while (!ended.aborted) {
    await wait(flushEvery, undefined, { signal: ended }).catch(() => undefined);
    for (const claim of claims) if (!ended.aborted) await claim.flushSoFar();
  }
}
