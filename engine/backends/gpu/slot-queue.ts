/** Hands out what there is of something, in order of asking. */
export interface SlotQueue<T> {
  /** Waits for a free one; rejects with the signal's reason. */
  take(signal?: AbortSignal): Promise<T>;
  give(free: T): void;
}

export function slotQueue<T>(all: readonly T[]): SlotQueue<T> {
  const free = [...all];
  const waiting: ((slot: T) => void)[] = [];
  return {
    take(signal) {
      const slot = free.pop();
      if (slot !== undefined) return Promise.resolve(slot);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.splice(waiting.indexOf(take), 1);
          reject(signal!.reason as Error);
        };
        const take = (given: T): void => {
          signal?.removeEventListener('abort', leave);
          resolve(given);
        };
        waiting.push(take);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    give(slot) {
      const next = waiting.shift();
      if (next === undefined) free.push(slot);
      else next(slot);
    },
  };
}
