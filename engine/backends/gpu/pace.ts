/** How much one dispatch computes: as much as a desktop's watchdog lets a device do at a stretch, and the screen beside it. */
export interface Pace {
  /** Elements of a dispatch, whole octets. */
  dispatchElements(): number;
  took(milliseconds: number, work: PacedWork): void;
  /** A device was lost: what it was doing may have been too much. */
  lost(): void;
}

export interface PacedWork {
  /** Of all its dispatches. */
  readonly elements: number;
  readonly dispatches: number;
  /** Submits that were in the device's queue with it, itself among them. */
  readonly submits: number;
}

/** A watchdog strikes after two seconds; a screen stutters long before. */
const longestMs = 50;
const most = 1 << 24;
/** Fewer do not fill a device. */
const least = 1 << 16;

/**
 * Halves what one dispatch computes where two submits in a row took too long: once may be a kernel's first time.
 * Slices stay as large as they are, in more dispatches.
 */
export function adaptivePace(): Pace {
  let elements = most;
  let largest = least;
  let wasSlow = false;
  const lower = (to: number): void => {
    while (elements > Math.max(least, to)) elements /= 2;
    wasSlow = false;
  };
  return {
    dispatchElements: () => elements,
    took(milliseconds, { elements: all, dispatches, submits }) {
      const size = Math.min(elements, all);
      largest = Math.max(largest, size);
      const isSlow = milliseconds / (dispatches * submits) > longestMs;
      if (isSlow && wasSlow) lower(size / 2);
      else wasSlow = isSlow;
    },
    lost: () => lower(largest / 4),
  };
}
