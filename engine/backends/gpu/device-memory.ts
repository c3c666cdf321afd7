/** Memory that buffers of this program take of a device, on its side and on ours: devices give more than they have, so it is counted. */
export interface DeviceMemory {
  /** Whether so many bytes more are within the budget; they are then taken. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** What a small card spares beside a desktop. */
export const deviceBudgetBytes = 1 << 30;

export function deviceMemory(budget = deviceBudgetBytes): DeviceMemory {
  let free = budget;
  return {
    take(bytes) {
      if (bytes > free) return false;
      free -= bytes;
      return true;
    },
    give(bytes) {
      free += bytes;
    },
  };
}
